"""When people order: more in the evening and on Sundays, before Christmas, and every month more."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

WEEKDAYS = (1.1, 1.0, 1.0, 0.95, 0.85, 0.9, 1.2)
MONTHS = (0.9, 0.9, 0.95, 1.0, 1.0, 0.95, 0.9, 0.9, 1.0, 1.05, 1.35, 1.45)
HOURS = (3, 1, 1, 1, 1, 2, 4, 8, 12, 16, 18, 18, 20, 18, 16, 16, 18, 22, 26, 32, 34, 28, 16, 8)
GROWTH = 0.6
"""By how much there are more orders on the last day than on the first."""


class OrderTimes:
    """The times of a shop's orders, by their place among them."""

    def __init__(self, *, until: datetime, days: int, timezone: str) -> None:
        self.start = until - timedelta(days=days)
        zone = ZoneInfo(timezone)
        local = [(self.start + timedelta(days=day)).astimezone(zone) for day in range(days)]
        self._midnights = [day.hour for day in local]
        self._days = _cumulated(
            WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * (1 + GROWTH * place / days)
            for place, day in enumerate(local)
        )

    def at(self, place: float) -> datetime:
        """`place` is 0 for the first order and nearly 1 for the last; later places, later times."""
        day, rest = _locate(self._days, place)
        hour, rest = _locate(_HOURS_FROM[self._midnights[day]], rest)
        return self.start + timedelta(days=day, seconds=int((hour + rest) * 3600))


def _cumulated(weights: Iterable[float]) -> list[float]:
    """Where each slice ends, when all of them together are 1."""
    ends = list(accumulate(weights))
    return [end / ends[-1] for end in ends]


def _locate(ends: list[float], place: float) -> tuple[int, float]:
    """Which slice `place` falls into, and how far into it, from 0 to nearly 1."""
    found = min(bisect_right(ends, place), len(ends) - 1)
    start = ends[found - 1] if found else 0.0
    return found, min((place - start) / (ends[found] - start), 0.999_999)


_HOURS_FROM = [_cumulated(HOURS[first:] + HOURS[:first]) for first in range(24)]
"""By the local hour at which a day of UTC begins."""
