"""Counting business days in PostgreSQL: Mondays to Fridays that are no holiday of the country.

Every day has a number, which grows by one on each business day, so that there are as many between
two days as their numbers are apart: the same as `DeliveryCalendar.between`. Holidays are given as a
sorted array of those that fall on a weekday, and `width_bucket` finds how many of them have passed.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from shipments.arrival.calendars import FIRST_YEAR, LAST_YEAR, calendar

LONGEST = 2
"""Years that a delivery may take beyond those of its order."""
MONDAY = "date '2001-01-01'"


def holidays_of(country_code: str, years: Iterable[int]) -> list[date]:
    """The holidays on weekdays in these years, and a while around them."""
    named = sorted(years)
    if not named:
        return []
    first = max(named[0] - 1, FIRST_YEAR + 1)
    last = min(named[-1] + LONGEST, LAST_YEAR - 1)
    return [day for day in _holidays(country_code) if first <= day.year <= last]


def number_of(day: str) -> str:
    """The SQL of a day's number; `day` is an expression of type date."""
    passed = f"({day} - {MONDAY})"
    return (
        f"({passed} / 7 * 5 + least(mod({passed}, 7) + 1, 5)"
        f" - width_bucket({day}, %(holidays)s::date[]))"
    )


@lru_cache(maxsize=64)
def _holidays(country_code: str) -> tuple[date, ...]:
    days = calendar(country_code)
    first, last = date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31)
    every = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return tuple(day for day in every if day.weekday() < 5 and not days.is_open(day))
