import random
from itertools import pairwise

import pytest

from shipments.arrival.destinations import Destination, destination_of, zip_area
from shipments.arrival.durations import (
    CONTAINED,
    LONGEST,
    SHRINKAGE,
    Durations,
    hour_of,
    usual,
)


def test_a_group_with_few_parcels_is_mostly_like_the_one_above():
    above = Durations({10: 0.5, 40: 0.5})

    refined = above.refined({10: 4})

    assert refined.shares[10] == pytest.approx((4 + SHRINKAGE * 0.5) / (4 + SHRINKAGE))
    assert refined.shares[40] == pytest.approx(SHRINKAGE * 0.5 / (4 + SHRINKAGE))
    assert sum(refined.shares.values()) == pytest.approx(1)


def test_a_group_with_many_parcels_speaks_for_itself():
    refined = Durations({10: 1.0}).refined({200: 10_000})

    assert refined.window(0)[0] > 199


def test_a_group_without_parcels_is_the_one_above():
    above = Durations({10: 1.0})

    assert above.refined({}) is above


def test_a_window_is_the_narrowest_of_those_allowed():
    """A tail to the right: it begins as early as it may."""
    durations = Durations({hour: 0.99**hour * 0.01 / (1 - 0.99**600) for hour in range(600)})

    start, end = durations.window(0)

    held = sum(share for hour, share in durations.shares.items() if start <= hour + 0.5 <= end)
    assert held == pytest.approx(CONTAINED, abs=0.01)
    assert sum(share for hour, share in durations.shares.items() if hour < start) < 0.06


@pytest.mark.parametrize("beyond", [0, 10, 24, 50, 70])
def test_what_has_passed_already_is_not_in_the_window(beyond):
    start, end = Durations(dict.fromkeys(range(80), 1 / 80)).window(beyond)

    assert beyond <= start <= end <= 80


def test_nothing_is_said_of_what_takes_longer_than_ever():
    assert Durations({10: 1.0}).window(11) is None


def test_windows_move_on_with_the_time_that_passes():
    rng = random.Random(5)
    counts: dict[int, int] = {}
    for _ in range(400):
        hour = int(rng.expovariate(1 / 30))
        counts[hour] = counts.get(hour, 0) + 1
    durations = usual([0.5, 0.5]).refined(counts)

    windows = [durations.window(beyond) for beyond in range(0, 60, 6)]

    assert all(one[0] <= other[0] for one, other in pairwise(windows))


def test_what_takes_longest_is_counted_together():
    assert hour_of(56.9) == 56
    assert hour_of(900 * 24) == LONGEST * 24 + 23


@pytest.mark.parametrize("contained", [0.6, 0.75, 0.9])
def test_a_window_holds_the_share_that_is_asked_for(contained):
    start, end = Durations(dict.fromkeys(range(100), 0.01)).window(0, contained)

    assert end - start == pytest.approx(100 * contained)


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
