"""Three ways to count how long a parcel took, in hours, and back: arithmetic only.

Which of them says most depends on the carrier's habits, so each stage has the one by which the
shop's own deliveries are told best (`shipments.arrival.measures`).
"""

from array import array
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.db import models

from shipments.arrival.calendars import DeliveryCalendar

LONGEST = 40
"""Delivery days; what takes longer is counted as this long."""


class Clock(models.TextChoices):
    """What a round is bound to: the time of day, the hour in which it began, or neither."""

    DAYS = "days", "delivery days and the time of day"
    OPEN_HOURS = "open_hours", "hours, but for those of days without deliveries"
    HOURS = "hours", "hours"


def hours_taken(clock: Clock, days: DeliveryCalendar, start: datetime, end: datetime) -> float:
    """From `start` to `end`, both in the shop's zone; nothing arrives before it is sent.

    By delivery days, a parcel sent on Friday at any time that arrives on Monday at 14:30 took
    38.5 h where Saturdays do not count; by open hours, it took 28.5 h if it was sent at 10:00.
    """
    if clock is Clock.HOURS:
        return max(_hours_between(start, end), 0.0)
    hours = 24 * max(days.between(start.date(), end.date()), 0) + _hour_of_day(end)
    return hours if clock is Clock.DAYS else max(hours - _hour_of_day(start), 0.0)


def hours_passed(clock: Clock, days: DeliveryCalendar, start: datetime, now: datetime) -> int:
    """Of a parcel that has not arrived until `now`: a closed day is over when it begins."""
    if clock is Clock.HOURS:
        return int(_hours_between(start, now))
    hours = 0 if now is start else 24 * days.between(start, now)
    hours += now.hour if days.is_open(now) else 24
    return hours if clock is Clock.DAYS else hours - start.hour


class Course:
    """How a clock goes from one start on: two are the same only where they are one object."""

    def __init__(self, begins: Sequence[int]) -> None:
        self.begins = begins
        """For each hour of the clock, after how many hours it begins; the start's count apart."""


def course(clock: Clock, days: DeliveryCalendar, start: datetime) -> Course:
    """How long one really waits from hour to hour of the clock, over nights and closed days."""
    if clock is Clock.HOURS:
        return _EVEN
    return _course(days, start.toordinal(), start.hour if clock is Clock.OPEN_HOURS else 0)


@lru_cache(maxsize=4096)
def _course(days: DeliveryCalendar, ordinal: int, hour: int) -> Course:
    return _over(tuple(days.ahead(date.fromordinal(ordinal), LONGEST + 2)), hour)


@lru_cache(maxsize=1024)
def _over(days: tuple[int, ...], hour: int) -> Course:
    """Most weeks are alike."""
    hours = range(hour, hour + 24 * (LONGEST + 1))
    return Course(array("H", (24 * days[at // 24] + at % 24 for at in hours)))


_EVEN = Course(range(24 * (LONGEST + 1)))


def moment(
    clock: Clock, days: DeliveryCalendar, start: datetime, hours: float, *, quarters: int = 1
) -> datetime:
    """When so many hours of the clock have passed since `start`, in its zone.

    Rounded to so many quarters of an hour; midnight at a day's end is said as the minute before.
    """
    if clock is Clock.HOURS:
        at = (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)
        day, hour = at.date(), _hour_of_day(at)
    else:
        if clock is Clock.OPEN_HOURS:
            hours += _hour_of_day(start)
        day, hour = days.after(start.date(), int(hours // 24)), hours % 24
    quarter = round(hour * 4 / quarters) * quarters
    return datetime.combine(day, _TIMES[quarter], start.tzinfo)


def _hours_between(start: datetime, end: datetime) -> float:
    """Also when the clocks change in between, which a difference within one zone leaves out."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) / _HOUR


def _hour_of_day(at: datetime) -> float:
    return at.hour + at.minute / 60


_HOUR = timedelta(hours=1)
_TIMES = [*(time(quarter // 4, quarter % 4 * 15) for quarter in range(96)), time(23, 59)]
