"""The window of a shipment, from its sending to its arrival."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from shipments.arrival.known import arrival_table, forget
from shipments.arrival.learn import learn_transit_times, shops_to_learn_from
from shipments.arrival.renew import expect_unexpected
from shipments.models import ArrivalSource, Shipment, TransitHistory
from shipments.phases import Flag, Phase
from shipments.services import correct_carrier, detach_tracking
from tests.factories import make_shop, place
from tests.shipments.arrival.journeys import (
    MONDAY,
    Past,
    deliver,
    deliver_many,
    report,
    send,
    window,
)

pytestmark = pytest.mark.django_db

LEARNED_AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def past():
    """Mondays of the past winter."""
    return [MONDAY - timedelta(weeks=week) for week in range(2, 8)]


@pytest.fixture
def shop(past):
    """DHL takes a day to Berlin and three to Freiburg, DPD always two."""
    shop = make_shop(timezone="Europe/Berlin")
    parcels = []
    for number in range(60):
        at = past[number % len(past)] + timedelta(minutes=number)
        parcels.append(Past(number=f"B{number}", at=at, days=1, hour=10 + number % 4))
        if number < 30:
            parcels.append(Past(number=f"F{number}", at=at, days=3, zip_code="79098"))
            parcels.append(Past(number=f"D{number}", at=at, days=2, carrier="dpd"))
    deliver_many(shop, parcels)
    learn_transit_times(shop, now=LEARNED_AT)
    return shop


def days_of(shipment: Shipment) -> tuple[int, int]:
    """The days of March on which it is expected, first and last."""
    return shipment.arrival_start.day, shipment.arrival_end.day


def test_a_parcel_is_expected_when_others_that_went_there_arrived(shop):
    to_berlin = send(shop, "1")
    to_freiburg = send(shop, "2", zip_code="79102")
    by_dpd = send(shop, "3", carrier="dpd")

    assert days_of(to_berlin)[0] == 3
    assert to_berlin.arrival_end < to_freiburg.arrival_end
    assert days_of(by_dpd) == (4, 4)
    assert {s.arrival_source for s in (to_berlin, to_freiburg, by_dpd)} == {ArrivalSource.HISTORY}


def test_weekends_and_holidays_lie_between(shop):
    before_easter = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)

    by_dpd = send(shop, "1", carrier="dpd", at=before_easter)

    assert by_dpd.arrival_start.date() == datetime(2026, 4, 8, tzinfo=UTC).date()


def test_the_first_window_stays_beside_the_current_one(shop):
    sent = send(shop, "1", carrier="dpd")
    moved = report(sent, "OUT_FOR_DELIVERY", MONDAY + timedelta(days=3, hours=-2))

    assert (sent.promised_start, sent.promised_end) == (sent.arrival_start, sent.arrival_end)
    assert moved.arrival_start > sent.arrival_end
    assert (moved.promised_start, moved.promised_end) == (sent.promised_start, sent.promised_end)


def test_a_parcel_at_the_door_is_expected_the_same_day(shop):
    sent = send(shop, "1", zip_code="79098")

    at_the_door = report(sent, "OUT_FOR_DELIVERY", MONDAY + timedelta(days=1, hours=-2))

    assert days_of(at_the_door) == (3, 3)


def test_what_has_not_arrived_yet_is_not_expected_in_the_past(shop):
    sent = send(shop, "1")
    report(sent, "DEPARTURE_FROM_TRANSPORT_HUB", MONDAY + timedelta(hours=9))

    later = MONDAY + timedelta(days=2, hours=9)
    seen_again = report(sent, "ARRIVAL_AT_DELIVERY_DEPOT", later)

    assert seen_again.arrival_end > later


def test_a_carriers_window_stands_above_the_estimate(shop):
    sent = send(shop, "1")
    said = window(MONDAY + timedelta(days=2), MONDAY + timedelta(days=2, hours=4))
    in_transit = report(sent, "IN_TRANSIT", MONDAY + timedelta(hours=9), estimated_arrival=said)
    at_the_door = report(sent, "OUT_FOR_DELIVERY", MONDAY + timedelta(days=1, hours=-2))

    for shipment in (in_transit, at_the_door):
        assert shipment.arrival_source == ArrivalSource.CARRIER
        assert shipment.arrival_start == MONDAY + timedelta(days=2)
        assert shipment.promised_end == sent.arrival_end


def test_without_a_history_it_is_what_is_usual_and_no_promise():
    sent = send(make_shop(), "1")

    assert sent.arrival_source == ArrivalSource.USUAL
    assert sent.arrival_start < sent.arrival_end
    assert sent.promised_start is None
    assert sent.promised_end is None


def test_a_parcel_that_comes_back_is_not_expected_any_more(shop):
    sent = send(shop, "1")

    back = report(sent, "RETURN_CREATED", MONDAY + timedelta(days=5))

    assert (back.arrival_start, back.arrival_end, back.arrival_source) == (None, None, "")


def test_another_carrier_is_another_estimate(shop):
    sent = send(shop, "1")

    corrected = correct_carrier(sent, "dpd")

    assert days_of(corrected) == (4, 4)
    assert corrected.promised_end == sent.promised_end


def test_a_detached_number_takes_its_window_along(shop):
    sent = send(shop, "1")

    detach_tracking(sent)

    sent.refresh_from_db()
    assert (sent.arrival_end, sent.promised_end, sent.arrival_source) == (None, None, "")


@pytest.mark.parametrize("at", ["1900-01-01T00:00Z", "2199-12-31T23:59Z", "2014-12-31T23:59Z"])
def test_of_an_absurd_time_nothing_is_said(shop, at):
    order = place(shop)
    tracking = {"tracking_number": "1", "tracking_placed_at": at, "carrier_reference": "dhl"}

    upsert_order(
        shop,
        UpsertInput.model_validate({"id": order.order_number, "trackings": [tracking]}),
    )

    assert order.shipments.get().arrival_end is None


def test_a_delivery_of_an_absurd_time_is_not_learned_from():
    shop = make_shop()
    deliver(send(shop, "1", at=datetime(1901, 3, 4, 9, 0, tzinfo=UTC)), days=1)
    Shipment.objects.of(shop).update(delivered_at=LEARNED_AT - timedelta(days=1))

    history = learn_transit_times(shop, now=LEARNED_AT)

    assert (history.deliveries, history.durations) == (1, [])


def test_another_shops_deliveries_say_nothing(shop):
    other = make_shop()

    assert send(other, "1").arrival_source == ArrivalSource.USUAL


def test_learning_again_from_the_same_deliveries_says_the_same(shop):
    first = TransitHistory.objects.of(shop).get()

    second = learn_transit_times(shop, now=LEARNED_AT)

    second.refresh_from_db()
    assert first.deliveries == 120
    assert second.id == first.id
    assert (second.durations, second.weekdays) == (first.durations, first.weekdays)


def test_test_parcels_and_old_ones_do_not_count(shop):
    Shipment.objects.of(shop).filter(tracking_number__startswith="D").update(is_test=True)

    assert learn_transit_times(shop, now=LEARNED_AT).deliveries == 90
    assert learn_transit_times(shop, now=LEARNED_AT + timedelta(days=400)).deliveries == 0


def test_to_be_picked_up_is_to_have_arrived(past):
    shop = make_shop()
    shipment = send(shop, "1", at=past[0])
    report(shipment, "READY_FOR_PICKUP", past[0] + timedelta(days=1))
    report(shipment, "PICKED_UP", past[0] + timedelta(days=6))

    history = learn_transit_times(shop, now=LEARNED_AT)

    [[stage, _, _, _, hours]] = history.durations
    assert (stage, list(hours)) == ("sent", ["34"])


def test_shops_are_learned_from_when_something_was_delivered(shop):
    idle = make_shop()
    new = make_shop()
    deliver(send(new, "1"), days=1)

    def due(at):
        return set(shops_to_learn_from(at).values_list("id", flat=True)) & {
            shop.id,
            idle.id,
            new.id,
        }

    learned_at = Shipment.objects.of(shop).latest("updated_at").updated_at + timedelta(seconds=1)
    learn_transit_times(shop, now=learned_at)
    assert due(learned_at + timedelta(days=1)) == {new.id}
    Shipment.objects.of(shop).update(updated_at=learned_at + timedelta(hours=1))
    assert due(learned_at + timedelta(hours=2)) == {new.id}
    assert due(learned_at + timedelta(days=1)) == {new.id, shop.id}
    Shipment.objects.of(new).update(is_test=True)
    assert due(learned_at + timedelta(days=1)) == {shop.id}


def test_parcels_on_their_way_are_expected_once_there_is_a_history(past):
    shop = make_shop()
    waiting = send(shop, "0")
    held_up = report(send(shop, "00"), "DELAYED_BY_CARRIER", MONDAY + timedelta(days=1))
    said = window(MONDAY, MONDAY + timedelta(days=1))
    report(send(shop, "000"), "IN_TRANSIT", MONDAY, estimated_arrival=said)
    deliver_many(shop, [Past(number=str(number), at=past[0], days=2) for number in range(1, 31)])
    learn_transit_times(shop, now=LEARNED_AT)

    assert expect_unexpected(shop) == 2

    for shipment in (waiting, held_up):
        was_updated_at = shipment.updated_at
        shipment.refresh_from_db()
        assert shipment.updated_at == was_updated_at
    assert waiting.arrival_source == ArrivalSource.HISTORY
    assert waiting.promised_end == waiting.arrival_end
    assert days_of(waiting) == (4, 4)
    assert held_up.arrival_source == ArrivalSource.USUAL  # no parcel of the shop was held up
    assert Shipment.objects.of(shop).get(tracking_number="000").arrival_source == "carrier"


def test_estimates_cost_no_statement_once_the_history_is_known(shop):
    arrival_table(shop)
    shipment = send(shop, "1")

    with CaptureQueriesContext(connection) as captured:
        report(shipment, "OUT_FOR_DELIVERY", MONDAY + timedelta(days=1, hours=-2))

    assert not [q for q in captured if "transithistory" in q["sql"]]


def test_a_new_history_is_heard_of_within_a_minute(shop, monkeypatch):
    arrival_table(shop)
    TransitHistory.objects.of(shop).update(
        computed_at=LEARNED_AT + timedelta(days=1), durations=[], weekdays=[]
    )
    assert send(shop, "1").arrival_source == ArrivalSource.HISTORY

    monkeypatch.setattr("shipments.arrival.known.ASKED_EVERY", 0.0)

    assert send(shop, "2").arrival_source == ArrivalSource.USUAL


def test_a_history_from_before_hours_had_a_price_still_tells(shop):
    with_prices = send(shop, "1")
    history = TransitHistory.objects.of(shop).get()
    history.measures = [[stage, clock, 0.81] for stage, clock, *_ in history.measures]
    history.save()
    forget(shop)

    assert days_of(send(shop, "2")) == days_of(with_prices)


def test_a_parcel_delivered_is_left_with_the_window_that_was_last_told(shop):
    sent = send(shop, "1")

    delivered = deliver(sent, days=1)

    assert (delivered.phase, delivered.flag) == (Phase.DELIVERED, Flag.NORMAL)
    assert delivered.arrival_start.day == 3
