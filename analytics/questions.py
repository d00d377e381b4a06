"""What may be asked of a shop's numbers: which one, of when, of what, and how it is split up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from shops.models import Shop

USUAL_DAYS = 30
"""Of a question that says nothing of its period."""
NONE = "none"
"""In a query string: those without a value of the dimension."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class Interval(StrEnum):
    """How long the steps of a series are. Weeks begin on Mondays."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start_of(self, day: date) -> date:
        """The first day of the week or month in which the day lies."""
        if self is Interval.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Interval.MONTH else day

    def after(self, start: date) -> date:
        """When the step after the one that begins on `start` begins."""
        if self is Interval.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        return start + timedelta(days=7 if self is Interval.WEEK else 1)


class Dimension(StrEnum):
    """By what a number may be split up. The first five narrow every number, the others those that
    they split up."""

    CARRIER = "carrier"
    COUNTRY = "country"
    SEGMENT = "segment"
    CAMPAIGN = "campaign"
    CURRENCY = "currency"
    PHASE = "phase"
    FLAG = "flag"
    SCORE = "score"
    REASON = "reason"
    PRODUCT = "product"
    FLOW = "flow"
    KIND = "kind"
    """Of an anomaly."""


FILTERS = (
    Dimension.CARRIER,
    Dimension.COUNTRY,
    Dimension.SEGMENT,
    Dimension.CAMPAIGN,
    Dimension.CURRENCY,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days in the shop's time zone, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Self:
        """The period of the same length that ends on the day before."""
        length = timedelta(days=self.days)
        return replace(self, first=self.first - length, last=self.last - length)

    def year_before(self) -> Self:
        """The same dates a year earlier; 29 February becomes 28 February."""
        return replace(self, first=_year_earlier(self.first), last=_year_earlier(self.last))

    def steps(self, interval: Interval) -> list["Period"]:
        """The weeks or months that the period touches, cut off at its ends."""
        steps, start = [], interval.start_of(self.first)
        while start <= self.last:
            end = interval.after(start)
            steps.append(Period(max(start, self.first), min(end - timedelta(days=1), self.last)))
            start = end
        return steps


@dataclass(frozen=True, kw_only=True)
class Question:
    """`filters` narrows by dimension, such as {Dimension.CARRIER: "dhl"}; "" means those without.

    `group_by` may name two dimensions. `compare` asks for the period before, and the year before.
    """

    number: str
    period: Period
    interval: Interval | None = None
    group_by: tuple[Dimension, ...] = ()
    filters: Mapping[Dimension, str] = field(default_factory=dict)
    compare: bool = True


def last_days(shop: Shop, now: datetime, days: int = USUAL_DAYS) -> Period:
    """So many days up to today, by the shop's clock."""
    today = now.astimezone(ZoneInfo(shop.timezone)).date()
    return Period(today - timedelta(days=days - 1), today)


def _year_earlier(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
