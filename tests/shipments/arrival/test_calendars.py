from datetime import UTC, date, datetime

import pytest

from shipments.arrival.calendars import calendar, country_of
from shops.models import Shop

GOOD_FRIDAY = date(2026, 4, 3)
EASTER_MONDAY = date(2026, 4, 6)


def test_weekends_and_public_holidays_do_not_count():
    days = calendar("DE")

    assert days.between(date(2026, 4, 2), date(2026, 4, 7)) == 1
    assert not days.is_open(GOOD_FRIDAY)
    assert not days.is_open(EASTER_MONDAY)
    assert days.after(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_each_country_has_holidays_of_its_own():
    assert calendar("US").between(date(2026, 4, 2), date(2026, 4, 7)) == 3
    assert calendar("US").between(date(2025, 11, 26), date(2025, 11, 28)) == 1


@pytest.mark.parametrize("country", ["", "XX", "?"])
def test_where_nobody_knows_the_holidays_weekends_count(country):
    days = calendar(country)

    assert days.is_open(GOOD_FRIDAY)
    assert not days.is_open(date(2026, 4, 4))


def test_a_carrier_may_deliver_on_saturdays():
    days = calendar("DE", (0, 1, 2, 3, 4, 5))

    assert days.after(date(2026, 3, 6), 1) == date(2026, 3, 7)
    assert days.after(date(2026, 3, 6), 2) == date(2026, 3, 9)


@pytest.mark.parametrize("start", [date(2026, 3, day) for day in range(1, 15)])
@pytest.mark.parametrize("days", range(1, 12))
def test_counting_there_and_back_agrees(start, days):
    of_germany = calendar("DE")

    end = of_germany.after(start, days)

    assert of_germany.between(start, end) == days
    assert of_germany.is_open(end)


def test_what_is_due_the_same_day_waits_for_the_first_day_that_is_open():
    assert calendar("DE").after(date(2026, 3, 8), 0) == date(2026, 3, 9)
    assert calendar("DE").after(date(2026, 3, 9), 0) == date(2026, 3, 9)


def test_going_back_ends_on_a_day_that_is_open_at_the_same_time():
    tuesday = datetime(2026, 4, 7, 10, 30, tzinfo=UTC)

    assert calendar("DE").back(tuesday, 1) == datetime(2026, 4, 2, 10, 30, tzinfo=UTC)
    assert calendar("DE").back(tuesday, 0) == tuesday


@pytest.mark.parametrize(
    ("timezone", "country"),
    [("Europe/Berlin", "DE"), ("America/New_York", "US"), ("UTC", ""), ("Etc/UTC", "")],
)
def test_a_shop_is_where_its_time_zone_is(timezone, country):
    assert country_of(Shop(timezone=timezone)) == country
