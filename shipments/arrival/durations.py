"""How long parcels took, as counts per hour, and the windows that follow: arithmetic only.

A duration counts delivery days: 24 h for each from the day on which a stage was reached, and the
time of day of the arrival. So a parcel sent on Friday at any time that arrives on Monday at 14:30
took 38.5 h where Saturdays do not count.

A group's shares are its own counts, and as many parcels of the group above it as SHRINKAGE says
(a Dirichlet prior with the broader group's shares as its mean; docs/arrival.md):

    share(hour) = (count(hour) + SHRINKAGE * share_above(hour)) / (count + SHRINKAGE)
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

Counts = Mapping[int, int]
"""Parcels by the hour in which they arrived, from 0."""

SHRINKAGE = 12.0
"""How many parcels the broader group weighs."""
LONGEST = 40
"""Delivery days; what takes longer is counted as this long."""
CONTAINED = 0.81
"""Of the counted parcels, so that 80 % of the next ones are within: the narrowest of several
windows is narrow by luck, too.
"""
EARLIER = (0.05, 0.06, 0.07, 0.08, 0.09, 0.1)
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
        self._windows: dict[int, tuple[float, float] | None] = {}

    def refined(self, counts: Counts) -> "Durations":
        """Those of a narrower group with these counts."""
        total = sum(counts.values())
        if not total:
            return self
        weight = total + SHRINKAGE
        shares = {hour: SHRINKAGE * share / weight for hour, share in self.shares.items()}
        for hour, count in counts.items():
            shares[hour] = shares.get(hour, 0.0) + count / weight
        return Durations(shares)

    def window(self, beyond: int) -> tuple[float, float] | None:
        """The hours between which most arrive of the parcels that take longer than `beyond`."""
        if beyond not in self._windows:
            self._windows[beyond] = self._narrowest(beyond)
        return self._windows[beyond]

    def _narrowest(self, beyond: int) -> tuple[float, float] | None:
        passed = self._share_before(beyond)
        left = 1 - passed
        if left < TOO_RARE:
            return None
        windows = (
            (
                self._hour_at(passed + earlier * left),
                self._hour_at(passed + (earlier + CONTAINED) * left),
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


def hour_of(days: int, hour_of_day: float) -> int:
    """The bin of a duration; nothing arrives before it is sent."""
    return min(max(days, 0), LONGEST) * 24 + int(hour_of_day)


def usual(shares_of_days: Sequence[float]) -> Durations:
    """Arrivals from 9 to 18 h, by their shares per delivery day."""
    total = sum(shares_of_days) * len(_HOURS)
    return Durations(
        {
            day * 24 + hour: share / total
            for day, share in enumerate(shares_of_days)
            for hour in _HOURS
            if share
        }
    )


_HOURS = range(9, 18)
