"""The measure that is chosen for a stage, of parcels whose habits are known."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from shipments.arrival.clocks import Clock
from shipments.arrival.counting import Delivery, habits_of
from shipments.arrival.destinations import Destination
from shipments.arrival.durations import ROUNDING
from shipments.arrival.learn import learn
from shipments.arrival.measures import LEAST, choose_measures
from shipments.arrival.stages import Stage
from shipments.arrival.table import BY_DEFAULT

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 5, 6, 0, tzinfo=ZONE)


def rounds(arrive, *, parcels=600):
    """Out for delivery at any hour of a working day; `arrive` says when it is there."""
    rng = Random(7)
    deliveries = []
    for number in range(parcels):
        out = START + timedelta(days=number % 5 + 7 * (number // 60), hours=rng.random() * 8)
        deliveries.append(
            Delivery(
                carrier_reference="dhl",
                destination=Destination("", ""),
                arrived_at=arrive(rng, out),
                reached={Stage.SENT: out - timedelta(days=1), Stage.AT_THE_DOOR: out},
            )
        )
    return deliveries


def after_three_hours(rng, out):
    return out + timedelta(hours=4 + rng.gauss(0, 1.2))


def in_the_evening(rng, out):
    return out.replace(hour=17, minute=0) + timedelta(hours=rng.gauss(0, 1.2))


def measures_of(deliveries):
    return choose_measures(deliveries, habits_of(deliveries, ZONE))


def told(table, delivery, stage=Stage.AT_THE_DOOR):
    since = delivery.reached[stage]
    return table.window(delivery.group(stage), since=since, as_of=since)


@pytest.mark.parametrize(
    ("arrive", "clocks"),
    [
        (in_the_evening, {Clock.DAYS}),
        (after_three_hours, {Clock.OPEN_HOURS, Clock.HOURS}),
    ],
)
def test_the_clock_is_the_one_that_the_rounds_keep(arrive, clocks):
    assert measures_of(rounds(arrive))[Stage.AT_THE_DOOR].clock in clocks


@pytest.mark.parametrize("arrive", [in_the_evening, after_three_hours])
def test_windows_contain_what_they_say(arrive):
    deliveries = rounds(arrive, parcels=1_800)
    known, later = deliveries[:700], deliveries[700:]
    table = learn(known, ZONE).table()

    windows = [(told(table, d), d.arrived_at) for d in later]

    contained = sum(window.start <= at <= window.end for window, at in windows) / len(windows)
    assert 0.76 <= contained <= 0.88
    assert max(window.end - window.start for window, _ in windows) <= timedelta(hours=4)


def second_attempts(*, parcels=1_200):
    """Of three parcels one is at the parcel shop in the afternoon, two come the next day."""
    rng = Random(11)
    deliveries = []
    for number in range(parcels):
        day = START + timedelta(days=number % 4 + 7 * (number // 40))
        missed = day + timedelta(hours=4 + rng.random())
        days, hour = (0, 9) if number % 3 == 0 else (1, 2)
        deliveries.append(
            Delivery(
                carrier_reference="dhl",
                destination=Destination("", ""),
                arrived_at=day + timedelta(days=days, hours=hour + 6 * rng.random()),
                reached={Stage.SENT: day - timedelta(days=1), Stage.MISSED: missed},
            )
        )
    return deliveries


def test_where_a_price_contains_too_few_or_too_many_the_least_share_is_raised():
    deliveries = second_attempts()
    learned = learn(deliveries, ZONE)
    table = learned.table()

    windows = [(told(table, d, Stage.MISSED), d.arrived_at) for d in deliveries]

    assert learned.measures[Stage.MISSED].least > LEAST
    contained = sum(window.start <= at <= window.end for window, at in windows) / len(windows)
    assert 0.76 <= contained <= 0.87


def test_no_window_has_less_in_it_than_the_least_share():
    deliveries = rounds(in_the_evening)
    table = learn(deliveries, ZONE).table()

    shares = [told(table, d, stage).share for d in deliveries for stage in d.reached]

    assert min(shares) >= LEAST - ROUNDING


def test_few_deliveries_leave_the_clock_as_it_is():
    measures = measures_of(rounds(after_three_hours, parcels=9))

    assert measures[Stage.AT_THE_DOOR].clock is BY_DEFAULT.clock


def test_of_a_stage_that_no_parcel_reached_nothing_is_chosen():
    assert measures_of(rounds(in_the_evening, parcels=60))[Stage.HELD_UP] == BY_DEFAULT


def test_without_deliveries_all_is_as_by_default():
    assert set(measures_of([]).values()) == {BY_DEFAULT}
