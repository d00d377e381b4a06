"""How long parcels took, as counts per hour of a clock, and the windows that follow.

A group's shares are its own counts, and as many parcels of the group above it as SHRINKAGE says
(a Dirichlet prior with the broader group's shares as its mean; docs/arrival.md):

    share(hour) = (count(hour) + SHRINKAGE * share_above(hour)) / (count + SHRINKAGE)
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate

from shipments.arrival.clocks import Clock

Counts = Mapping[int, int]
"""Parcels by the hour of the clock in which they arrived, from 0."""

SHRINKAGE = 12.0
"""How many parcels the broader group weighs."""
LONGEST = 40
"""Delivery days; what takes longer is counted as this long."""
CONTAINED = 0.81
"""Of the counted parcels, where no share was calibrated: the narrowest of several windows is narrow
by luck, too.
"""
EARLIER = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1)
"""Shares that may arrive before the window; the one that makes it narrowest is taken."""
TOO_RARE = 0.002
"""When fewer than this share take so long, the past says nothing of those that do."""


class Durations:
    """A distribution of durations in hours."""

    def __init__(self, shares: Mapping[int, float]) -> None:
        """`shares` add up to 1."""
        self.shares = shares
        self._hours = sorted(hour for hour, share in shares.items() if share > 0)
        self._ends = list(accumulate(shares[hour] for hour in self._hours))
        self._windows: dict[tuple[int, float], tuple[float, float] | None] = {}

    def refined(self, counts: Counts, shrinkage: float = SHRINKAGE) -> "Durations":
        """Those of a narrower group with these counts."""
        total = sum(counts.values())
        if not total:
            return self
        weight = total + shrinkage
        shares = {hour: shrinkage * share / weight for hour, share in self.shares.items()}
        for hour, count in counts.items():
            shares[hour] = shares.get(hour, 0.0) + count / weight
        return Durations(shares)

    def window(self, beyond: int, contained: float = CONTAINED) -> tuple[float, float] | None:
        """The hours between which so many arrive of the parcels that take longer than `beyond`."""
        asked = (beyond, contained)
        if asked not in self._windows:
            self._windows[asked] = self._narrowest(beyond, contained)
        return self._windows[asked]

    def _narrowest(self, beyond: int, contained: float) -> tuple[float, float] | None:
        passed = self._share_before(beyond)
        left = 1 - passed
        if left < TOO_RARE:
            return None
        windows = (
            (
                self._hour_at(passed + earlier * left),
                self._hour_at(passed + (earlier + contained) * left),
            )
            for earlier in EARLIER
        )
        return min(windows, key=lambda hours: hours[1] - hours[0])

    def _share_before(self, hour: int) -> float:
        place = bisect_left(self._hours, hour)
        return self._ends[place - 1] if place else 0.0

    def _hour_at(self, share: float) -> float:
        place = min(bisect_right(self._ends, share), len(self._ends) - 1)
        before = self._ends[place - 1] if place else 0.0
        within = (share - before) / (self._ends[place] - before)
        return self._hours[place] + min(1.0, within)


def hour_of(hours: float) -> int:
    """The bin of a duration."""
    return min(int(hours), 24 * LONGEST + 23)


def usual(shares_of_days: Sequence[float], clock: Clock = Clock.DAYS) -> Durations:
    """Arrivals by their shares per delivery day: from 9 to 18 h, or about so many times 24 h."""
    shares: dict[int, float] = defaultdict(float)
    total = sum(shares_of_days) * len(_HOURS)
    for day, share in enumerate(shares_of_days):
        for hour in _HOURS:
            shifted = hour if clock is Clock.DAYS or not day else hour - _NOON
            shares[24 * day + shifted] += share / total
    return Durations(shares)


_HOURS = range(9, 18)
_NOON = 13
"""The middle of them."""
