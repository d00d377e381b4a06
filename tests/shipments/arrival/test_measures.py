"""The measure that is chosen for a stage, of parcels whose habits are known."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from shipments.arrival.clocks import Clock
from shipments.arrival.counting import Delivery, count
from shipments.arrival.destinations import Destination
from shipments.arrival.measures import choose_measures
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


@pytest.mark.parametrize(
    ("arrive", "clocks"),
    [
        (in_the_evening, {Clock.DAYS}),
        (after_three_hours, {Clock.OPEN_HOURS, Clock.HOURS}),
    ],
)
def test_the_clock_is_the_one_that_the_rounds_keep(arrive, clocks):
    assert choose_measures(rounds(arrive), ZONE)[Stage.AT_THE_DOOR].clock in clocks


@pytest.mark.parametrize("arrive", [in_the_evening, after_three_hours])
def test_windows_contain_what_they_say(arrive):
    deliveries = rounds(arrive, parcels=1_000)
    known, later = deliveries[:700], deliveries[700:]
    table = count(known, ZONE, choose_measures(known, ZONE)).table(ZONE)

    windows = [
        (
            table.window(
                d.group(Stage.AT_THE_DOOR),
                since=d.reached[Stage.AT_THE_DOOR],
                as_of=d.reached[Stage.AT_THE_DOOR],
            ),
            d.arrived_at,
        )
        for d in later
    ]

    contained = sum(told.start <= at <= told.end for told, at in windows) / len(windows)
    assert 0.74 <= contained <= 0.88
    assert max(told.end - told.start for told, _ in windows) <= timedelta(hours=4)


def test_few_deliveries_leave_the_clock_as_it_is():
    measures = choose_measures(rounds(after_three_hours, parcels=20), ZONE)

    assert measures[Stage.AT_THE_DOOR].clock is BY_DEFAULT.clock


def test_of_a_stage_that_no_parcel_reached_nothing_is_chosen():
    assert choose_measures(rounds(in_the_evening), ZONE)[Stage.HELD_UP] == BY_DEFAULT


def test_without_deliveries_all_is_as_by_default():
    assert set(choose_measures([], ZONE).values()) == {BY_DEFAULT}
