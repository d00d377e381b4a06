import random
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from math import ceil

import pytest

from shipments.arrival.calendars import calendar
from shipments.arrival.clocks import LONGEST, Clock, course
from shipments.arrival.destinations import Destination, destination_of, zip_area
from shipments.arrival.durations import (
    CONTAINED,
    SHRINKAGE,
    TOO_DEAR,
    Durations,
    Measure,
    hour_of,
    usual,
)

MONDAY, FRIDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)


def span(durations, *, passed=0, least=CONTAINED, price=TOO_DEAR, start=MONDAY):
    measure = Measure(least=least, price=price)
    return durations.window(passed, measure, course(Clock.DAYS, calendar("DE"), start))


def spread(weights):
    return {hour: weight / sum(weights) for hour, weight in enumerate(weights)}


def test_a_group_with_few_parcels_is_mostly_like_the_one_above():
    above = Durations({10: 0.5, 40: 0.5})

    refined = above.refined({10: 4})

    assert refined.shares[10] == pytest.approx((4 + SHRINKAGE * 0.5) / (4 + SHRINKAGE))
    assert refined.shares[40] == pytest.approx(SHRINKAGE * 0.5 / (4 + SHRINKAGE))
    assert sum(refined.shares.values()) == pytest.approx(1)


def test_a_group_with_many_parcels_speaks_for_itself():
    refined = Durations({10: 1.0}).refined({200: 10_000})

    assert span(refined).start > 199


def test_a_group_without_parcels_is_the_one_above():
    above = Durations({10: 1.0})

    assert above.refined({}) is above


def test_a_window_is_the_narrowest_with_enough_in_it():
    durations = Durations({5: 0.15, 9: 0.2, 10: 0.4, 11: 0.2, 30: 0.05})

    assert span(durations, least=0.8) == pytest.approx((9, 12, 0.8))
    assert span(durations, least=0.7) == pytest.approx((9, 11.5, 0.7))
    assert span(durations, least=0.86) == pytest.approx((5.6, 12, 0.86))


def test_further_hours_are_told_where_they_are_worth_their_price():
    durations = Durations({10: 0.7, 34: 0.3})

    assert span(durations, least=0.6, price=0.02)[:2] == (10, 11)
    assert span(durations, least=0.6, price=0.01)[:2] == (10, 35)


def test_a_weekend_within_is_paid_for():
    durations = Durations({10: 0.7, 34: 0.3})

    assert span(durations, least=0.6, price=0.01, start=FRIDAY)[:2] == (10, 11)
    assert span(durations, least=0.8, price=0.01, start=FRIDAY)[:2] == (10, 35)


def test_of_all_windows_none_is_worth_more():
    rng = random.Random(3)
    durations = Durations(spread([rng.random() for _ in range(30)]))

    found = span(durations, least=0.4, price=0.015)

    ends = [0, *accumulate(durations.shares[hour] for hour in range(30))]
    worth = {
        (first, last): ends[last + 1] - ends[first] - 0.015 * (last + 1 - first)
        for first in range(30)
        for last in range(first, 30)
        if ends[last + 1] - ends[first] >= 0.4
    }
    assert worth[int(found.start), ceil(found.end) - 1] == pytest.approx(max(worth.values()))


@pytest.mark.parametrize("passed", [0, 10, 24, 50, 70])
def test_what_has_passed_already_is_not_in_the_window(passed):
    start, end, share = span(Durations(dict.fromkeys(range(80), 1 / 80)), passed=passed)

    assert passed <= start < end <= 80
    assert share >= CONTAINED - 1e-6


def test_nothing_is_said_of_what_takes_longer_than_ever():
    assert span(Durations({10: 1.0}), passed=11) is None


def test_windows_move_on_with_the_time_that_passes():
    rng = random.Random(5)
    counts: dict[int, int] = {}
    for _ in range(400):
        hour = int(rng.expovariate(1 / 30))
        counts[hour] = counts.get(hour, 0) + 1
    durations = usual([0.5, 0.5]).refined(counts)

    windows = [span(durations, passed=passed) for passed in range(0, 60, 6)]

    assert all(one[0] <= other[0] for one, other in pairwise(windows))


def test_what_takes_longest_is_counted_together():
    assert hour_of(56.9) == 56
    assert hour_of(900 * 24) == LONGEST * 24 + 23


@pytest.mark.parametrize(
    ("zip_code", "area"),
    [
        ("10115", "10"),
        ("01067", "01"),
        ("SW4 7AB", "SW"),
        ("m1 1ae", "M1"),
        ("D02 XY45", "D0"),
        ("L-1009", "L1"),
        ("111 20", "11"),
        ("1", ""),
        ("", ""),
        ("ÄÖ\u0660\u0661", ""),
    ],
)
def test_the_area_is_how_a_zip_code_begins(zip_code, area):
    assert zip_area(zip_code) == area


@pytest.mark.parametrize(
    ("address", "destination"),
    [
        ({"country_code": "de", "zip_code": "10115"}, Destination("DE", "10")),
        ({"country_code": None, "zip_code": None}, Destination("", "")),
        ({}, Destination("", "")),
    ],
)
def test_a_destination_is_country_and_area(address, destination):
    assert destination_of(address) == destination
