"""Which days count between a parcel's sending and its arrival: those on which it may be delivered.

Public holidays are those of the whole country (python-holidays); holidays of single regions, and
countries that the library does not know, count as ordinary days.
"""

import warnings
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from babel.core import get_global
from holidays import country_holidays

from shops.models import Shop

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
NOWHERE = "ZZ"
"""The CLDR's territory of UTC."""
FIRST_YEAR, LAST_YEAR = 2015, 2060
"""Dates outside are nobody's parcels."""


class DeliveryCalendar:
    """The delivery days of a country, or of a carrier in it."""

    def __init__(self, country_code: str, weekdays: Sequence[int] = MONDAY_TO_FRIDAY) -> None:
        """`weekdays`: 0 for Monday; at least one of them."""
        first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
        off = _holidays(country_code)
        self._first = first.toordinal()
        open_days = [
            ordinal not in off and (ordinal - 1) % 7 in weekdays  # 1 January of year 1: a Monday
            for ordinal in range(self._first, last.toordinal() + 1)
        ]
        self._counted = list(accumulate(open_days))
        self._days = [self._first + place for place, is_open in enumerate(open_days) if is_open]

    def knows(self, day: date) -> bool:
        """Whether there is a year left before and after the day."""
        return FIRST_YEAR < day.year < LAST_YEAR

    def between(self, start: date, end: date) -> int:
        """How many delivery days lie after `start`, until `end`; negative the other way."""
        return self._number(end) - self._number(start)

    def after(self, start: date, days: int) -> date:
        """The delivery day that is `days` of them after `start`; 0 is the next one on which it
        can still arrive, which may be `start` itself.
        """
        if days == 0 and not self.is_open(start):
            days = 1
        return date.fromordinal(self._days[self._number(start) + days - 1])

    def ahead(self, start: date, days: int) -> list[int]:
        """For 0, 1, 2 … so many: how many days after `start` the delivery day of `after` is."""
        first, place = start.toordinal(), self._number(start)
        following = [day - first for day in self._days[place : place + days]]
        return [0 if self.is_open(start) else following[0], *following]

    def back(self, at: datetime, days: int) -> datetime:
        """The same time of day, on the delivery day that is so many of them earlier."""
        day = at.date()
        while days > 0 or not self.is_open(day):
            days -= self.is_open(day)
            day -= timedelta(days=1)
        return at.replace(year=day.year, month=day.month, day=day.day)

    def is_open(self, day: date) -> bool:
        place = day.toordinal() - self._first
        return self._counted[place] > self._counted[place - 1]

    def _number(self, day: date) -> int:
        return self._counted[day.toordinal() - self._first]


@lru_cache(maxsize=512)
def calendar(country_code: str, weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY) -> DeliveryCalendar:
    return DeliveryCalendar(country_code, weekdays)


def country_of(shop: Shop) -> str:
    """Where the shop is, by its time zone; "" where that is in no country."""
    territory: str = get_global("zone_territories").get(shop.timezone, "")
    return territory if len(territory) == 2 and territory != NOWHERE else ""


@lru_cache(maxsize=256)
def _holidays(country_code: str) -> frozenset[int]:
    if not country_code:
        return frozenset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of years for which a country has not named its days yet
        try:
            days = country_holidays(country_code, years=range(FIRST_YEAR, LAST_YEAR + 1))
        except NotImplementedError:
            return frozenset()
    return frozenset(day.toordinal() for day in days)
