from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shipments.arrival.calendars import calendar
from shipments.arrival.clocks import Clock, course, hours_passed, hours_taken, moment

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = calendar("DE")
FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=BERLIN)
MONDAY_AFTERNOON = datetime(2026, 3, 9, 14, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("clock", "hours"),
    [(Clock.DAYS, 38.5), (Clock.OPEN_HOURS, 28.5), (Clock.HOURS, 76.5)],
)
def test_over_a_weekend_each_clock_counts_otherwise(clock, hours):
    assert hours_taken(clock, DAYS, FRIDAY, MONDAY_AFTERNOON) == hours


@pytest.mark.parametrize("clock", Clock)
@pytest.mark.parametrize("start", [FRIDAY, FRIDAY + timedelta(days=1, hours=5)])
@pytest.mark.parametrize("days", [3, 4, 6, 10])
def test_the_hours_lead_back_to_the_moment(clock, start, days):
    arrived = datetime(2026, 3, 6, 14, 30, tzinfo=BERLIN) + timedelta(days=days)

    hours = hours_taken(clock, DAYS, start, arrived)

    assert moment(clock, DAYS, start, hours) == arrived


@pytest.mark.parametrize("clock", Clock)
def test_nothing_arrives_before_it_is_sent(clock):
    earlier = FRIDAY - timedelta(hours=2)

    assert hours_taken(clock, DAYS, FRIDAY, earlier) <= 24
    assert moment(clock, DAYS, FRIDAY, hours_taken(clock, DAYS, FRIDAY, earlier)).date() == (
        FRIDAY.date()
    )


@pytest.mark.parametrize("clock", Clock)
def test_a_day_later_in_spring_is_a_day_later(clock):
    """The clocks change on 29 March: hours are hours, and a time of day is a time of day."""
    start = datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN)
    arrived = datetime(2026, 3, 30, 12, 0, tzinfo=BERLIN)

    hours = hours_taken(clock, DAYS, start, arrived)

    assert moment(clock, DAYS, start, hours) == arrived


def test_a_closed_day_is_over_when_it_begins():
    saturday = FRIDAY + timedelta(days=1)

    assert hours_passed(Clock.DAYS, DAYS, FRIDAY, saturday) == 24
    assert hours_passed(Clock.OPEN_HOURS, DAYS, FRIDAY, saturday) == 14
    assert hours_passed(Clock.HOURS, DAYS, FRIDAY, saturday) == 24


@pytest.mark.parametrize("clock", Clock)
def test_the_course_of_a_clock_is_how_long_one_waits(clock):
    """From Friday, 10:00, over the weekend: as long as until the moment that the clock means."""
    waits = course(clock, DAYS, FRIDAY).begins
    first = hours_passed(clock, DAYS, FRIDAY, FRIDAY)

    for hour in range(first, first + 24 * 9):
        later = moment(clock, DAYS, FRIDAY, hour)
        assert waits[hour] - waits[first] == (later - FRIDAY) / timedelta(hours=1)


def test_weeks_that_are_alike_have_one_course():
    """Durations keep their windows by it."""
    week_later = FRIDAY + timedelta(weeks=1)

    assert course(Clock.DAYS, calendar(""), FRIDAY) is course(Clock.DAYS, calendar(""), week_later)
