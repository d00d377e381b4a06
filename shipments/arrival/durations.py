"""How long parcels took, as counts per hour of a clock, and the windows that follow.

A group's shares are its own counts, and as many parcels of the group above it as SHRINKAGE says
(a Dirichlet prior with the broader group's shares as its mean; docs/arrival.md):

    share(hour) = (count(hour) + SHRINKAGE * share_above(hour)) / (count + SHRINKAGE)
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import NamedTuple

from shipments.arrival.clocks import LONGEST, Clock, Course

Counts = Mapping[int, int]
"""Parcels by the hour of the clock in which they arrived, from 0."""

SHRINKAGE = 12.0
"""How many parcels the broader group weighs."""
CONTAINED = 0.81
"""Of the counted parcels, where nothing was calibrated: the narrowest of several windows is narrow
by luck, too.
"""
TOO_DEAR = 1.0
"""The price at which no hour is worth it."""
TOO_RARE = 0.002
"""When fewer than this share take so long, the past says nothing of those that do."""
ROUNDING = 1e-9
"""Sums of shares are as exact as that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """How windows of a stage are measured: chosen from the shop's deliveries by `learn`."""

    clock: Clock = Clock.DAYS
    least: float = CONTAINED
    """The share of parcels that a window contains at the least."""
    price: float = TOO_DEAR
    """The further share that a further hour must bring to be told."""


class Span(NamedTuple):
    """Hours of a clock."""

    start: float
    end: float
    share: float
    """Of the parcels, that arrive between them."""


class Durations:
    """A distribution of durations in hours."""

    def __init__(self, shares: Mapping[int, float]) -> None:
        """`shares` add up to 1; none is 0."""
        self.shares = shares
        self._hours = sorted(shares)
        self._ends = list(accumulate(map(shares.__getitem__, self._hours)))
        self._windows: dict[tuple[int, float, float, Course], Span | None] = {}

    def refined(self, counts: Counts, shrinkage: float = SHRINKAGE) -> "Durations":
        """Those of a narrower group with these counts."""
        total = sum(counts.values())
        if not total:
            return self
        weight = total + shrinkage
        kept = shrinkage / weight
        shares = {hour: kept * share for hour, share in self.shares.items()}
        for hour, count in counts.items():
            shares[hour] = shares.get(hour, 0.0) + count / weight
        return Durations(shares)

    def window(self, passed: int, measure: Measure, course: Course) -> Span | None:
        """When a parcel arrives that has not after so many hours.

        None where the past says nothing: it takes longer than any before.
        """
        asked = (passed, measure.least, measure.price, course)
        if asked not in self._windows:
            self._windows[asked] = self._worth_most(*asked)
        return self._windows[asked]

    def _worth_most(self, passed: int, least: float, price: float, course: Course) -> Span | None:
        """Of the windows with enough in them, the one whose share less its price is the greatest.

        Each hour that may be the last is met once, with the best of the first hours that are early
        enough for it.
        """
        skipped = bisect_left(self._hours, passed)
        before = self._ends[skipped - 1] if skipped else 0.0
        left = 1 - before
        if left < TOO_RARE:
            return None
        hours, arrived = self._hours[skipped:], [before, *self._ends[skipped:]]
        enough, price = least * left - ROUNDING, price * left
        paid = [price * course.begins[hour] for hour in hours]
        most, window = -inf, (0, 0)
        lost, first, place = inf, 0, 0
        for last, until in enumerate(arrived[1:]):
            while arrived[place] <= until - enough:
                if arrived[place] - paid[place] <= lost:
                    lost, first = arrived[place] - paid[place], place
                place += 1
            if until - paid[last] - lost > most:
                most, window = until - paid[last] - lost, (first, last)
        first, last = window
        start, end = _cut(arrived[first : last + 2], enough, price)
        share = least if start or end else (arrived[last + 1] - arrived[first]) / left
        return Span(hours[first] + start, hours[last] + 1 - end, share)


def _cut(arrived: Sequence[float], enough: float, price: float) -> tuple[float, float]:
    """Parts of the first and the last hour that can be spared: of the one with fewer parcels.

    Only the least share keeps an hour that is not worth its price, and not always all of it.
    """
    spare = arrived[-1] - arrived[0] - enough
    in_first, in_last = arrived[1] - arrived[0], arrived[-1] - arrived[-2]
    if spare <= 0 or min(in_first, in_last) >= price:
        return 0.0, 0.0
    return (spare / in_first, 0.0) if in_first < in_last else (0.0, spare / in_last)


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
