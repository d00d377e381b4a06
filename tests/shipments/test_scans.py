"""Scans and what they do to their shipment: late, twice, out of order, by whoever sends them."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from events.models import Event
from shipments.errors import ShipmentIsDraft, ShipmentNotFound
from shipments.models import Effect, Feed, Scan, Shipment
from shipments.phases import Phase
from shipments.scans.inputs import ReportedScan, ScanInput
from shipments.scans.record import record_scan, record_scans
from shipments.services import detach_tracking
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def scan(name: str, *, hours: float = 0, **fields) -> ScanInput:
    at = MORNING + timedelta(hours=hours)
    said = {"event_name": name, "event_time": at.isoformat(), "external_id": f"{name}-{hours}"}
    return ScanInput.model_validate({**said, **fields})


def sent_shipment(shop=None, number="1Z12345E0205271688", **order) -> Shipment:
    shop = shop or make_shop()
    return fulfil(
        shop, place(shop, **order), number, tracking_placed_at=MORNING.isoformat()
    ).shipments.get()


def report(shipment: Shipment, *scans: ScanInput):
    return [record_scan(shipment, said, feed=Feed.API) for said in scans]


def test_a_scan_moves_its_shipment():
    shipment = sent_shipment()

    [recorded] = report(shipment, scan("DEPARTURE_FROM_TRANSPORT_HUB", hours=3))

    shipment.refresh_from_db()
    assert recorded.effect == Effect.APPLIED
    assert shipment.phase == Phase.IN_TRANSIT
    assert shipment.phase_since == shipment.last_scan_at == MORNING + timedelta(hours=3)
    assert shipment.phase_scan_id == recorded.scan["id"]


def test_the_first_scan_counts_though_it_was_made_before_the_shop_sent_its_number():
    shipment = sent_shipment()

    [recorded] = report(shipment, scan("DEPARTURE_FROM_TRANSPORT_HUB", hours=-5))

    assert recorded.effect == Effect.APPLIED


def test_a_late_scan_is_kept_and_moves_nothing_back():
    shipment = sent_shipment()

    delivered, late = report(
        shipment, scan("SUCCESSFULLY_DELIVERED", hours=9), scan("OUT_FOR_DELIVERY", hours=2)
    )

    shipment.refresh_from_db()
    assert (delivered.effect, late.effect) == (Effect.APPLIED, Effect.LATE)
    assert shipment.phase == Phase.DELIVERED
    assert shipment.delivered_at == MORNING + timedelta(hours=9)
    assert shipment.scans.count() == 2


def test_the_same_external_id_is_the_same_scan():
    shipment = sent_shipment()

    first, again = report(
        shipment,
        scan("OUT_FOR_DELIVERY", hours=2, external_id="x"),
        scan("SUCCESSFULLY_DELIVERED", hours=9, external_id="x"),
    )

    shipment.refresh_from_db()
    assert (first.is_new, again.is_new) == (True, False)
    assert again.scan["id"] == first.scan["id"]
    assert shipment.phase == Phase.IN_DELIVERY
    assert shipment.scans.count() == 1


def test_what_two_feeds_report_is_one_happening():
    shipment = sent_shipment()

    _, repeated = report(
        shipment,
        scan("OUT_FOR_DELIVERY", hours=2, external_id="carrier-1"),
        scan("OUT_FOR_DELIVERY", hours=2, external_id="aggregator-1"),
    )

    assert repeated.is_new
    assert repeated.effect == Effect.DUPLICATE
    assert Event.objects.filter(ref="shipments/in_delivery/OUT_FOR_DELIVERY").count() == 1


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_phase_is_that_of_the_newest_scan_in_whatever_order_they_arrive(order):
    shipment = sent_shipment()
    journey = [
        scan("DEPARTURE_FROM_TRANSPORT_HUB", hours=1),
        scan("OUT_FOR_DELIVERY", hours=2),
        scan("DELIVERY_ATTEMPTED", hours=3),
        scan("SUCCESSFULLY_DELIVERED", hours=26),
    ]

    report(shipment, *(journey[index] for index in order))

    shipment.refresh_from_db()
    assert shipment.phase == Phase.DELIVERED
    assert shipment.delivered_at == MORNING + timedelta(hours=26)


def test_each_applied_scan_writes_its_event_and_no_other_does():
    shipment = sent_shipment()
    before = set(Event.objects.values_list("id", flat=True))

    recorded = report(
        shipment,
        scan("OUT_FOR_DELIVERY", hours=2),
        scan("DEPARTURE_FROM_TRANSPORT_HUB", hours=1),
    )

    [event] = Event.objects.exclude(id__in=before)
    assert event.id == recorded[0].scan["id"]
    assert event.ref == "shipments/in_delivery/OUT_FOR_DELIVERY"
    assert event.event_group == "shipment_out_for_delivery"
    assert event.event_data["event_time"] == "2026-03-02T10:00:00+00:00"
    assert event.shipment_id == shipment.id


def test_a_name_of_the_shops_own_is_kept_and_changes_no_phase():
    shipment = sent_shipment()
    report(shipment, scan("OUT_FOR_DELIVERY", hours=2))

    [recorded] = report(shipment, scan("GIFT_WRAPPED", hours=3))

    shipment.refresh_from_db()
    assert recorded.scan["phase"] == Phase.IN_DELIVERY
    assert shipment.phase == Phase.IN_DELIVERY
    assert Event.objects.get(id=recorded.scan["id"]).event_group == "shipment_internal_trigger"
    [between] = report(shipment, scan("DELIVERY_ATTEMPTED", hours=2.5))
    assert between.effect == Effect.APPLIED


def test_a_draft_takes_no_scan_of_a_parcel():
    shop = make_shop()
    draft = place(shop).shipments.get()

    with pytest.raises(ShipmentIsDraft):
        report(draft, scan("OUT_FOR_DELIVERY"))

    [recorded] = report(draft, scan("ORDER_CREATED"))
    assert recorded.effect == Effect.APPLIED
    assert not Scan.objects.filter(event_name="OUT_FOR_DELIVERY").exists()


def test_a_number_with_scans_of_its_order_only_is_announced():
    shipment = sent_shipment()

    report(shipment, scan("ORDER_CREATED", hours=1))

    shipment.refresh_from_db()
    assert shipment.phase == Phase.ORDER_PROCESSED


def test_another_shops_shipment_is_not_found():
    shipment = sent_shipment()

    with pytest.raises(ShipmentNotFound):
        record_scan(
            Shipment(id=shipment.id, shop=make_shop()), scan("OUT_FOR_DELIVERY"), feed="api"
        )


def test_the_carriers_window_is_told_and_the_first_one_kept_as_the_promise():
    shipment = sent_shipment()
    first = {"start": "2026-03-03T10:00:00Z", "end": "2026-03-03T14:00:00Z"}
    second = {"start": "2026-03-04T10:00:00Z", "end": "2026-03-04T14:00:00Z"}

    report(
        shipment,
        scan("DEPARTURE_FROM_TRANSPORT_HUB", hours=1, estimated_arrival=first),
        scan("OUT_FOR_DELIVERY", hours=2, estimated_arrival=second),
    )

    shipment.refresh_from_db()
    assert shipment.arrival_end == datetime(2026, 3, 4, 14, tzinfo=UTC)
    assert shipment.promised_end == datetime(2026, 3, 3, 14, tzinfo=UTC)
    assert shipment.arrival_source == "carrier"


def test_where_it_can_be_picked_up_is_kept_until_it_moves_on():
    shipment = sent_shipment()
    shop_around_the_corner = {"type": "shop", "name": "Kiosk", "address": "Teststr. 2"}

    report(shipment, scan("READY_FOR_PICKUP", hours=1, pickup=shop_around_the_corner))
    shipment.refresh_from_db()
    assert shipment.phase == Phase.COLLECT
    assert shipment.pickup["name"] == "Kiosk"

    report(shipment, scan("RETURNED_TO_SENDER", hours=200))
    shipment.refresh_from_db()
    assert shipment.phase == Phase.RETURNED
    assert shipment.pickup is None


def test_a_detached_number_takes_its_scans_along():
    shipment = sent_shipment()
    report(shipment, scan("OUT_FOR_DELIVERY", hours=2))

    detach_tracking(shipment)

    shipment.refresh_from_db()
    assert shipment.is_draft
    assert (shipment.last_scan_at, shipment.phase_scan_id) == (None, None)
    assert not shipment.scans.exists()


def test_a_number_on_two_orders_is_one_parcel():
    shop = make_shop()
    shipments = [sent_shipment(shop, "SAME"), sent_shipment(shop, "SAME")]
    said = {**scan("OUT_FOR_DELIVERY", hours=2).model_dump(), "tracking_number": "SAME"}

    [recorded] = record_scans(shop, {0: ReportedScan.model_validate(said)}, feed="api").values()

    assert {one.shipment.id for one in recorded} == {shipment.id for shipment in shipments}
    assert set(Shipment.objects.of(shop).values_list("phase", flat=True)) == {Phase.IN_DELIVERY}


def test_a_number_given_again_after_months_is_the_newer_parcels():
    shop = make_shop()
    old = fulfil(
        shop, place(shop), "SAME", tracking_placed_at=(MORNING - timedelta(days=300)).isoformat()
    ).shipments.get()
    new = sent_shipment(shop, "SAME")
    said = {**scan("OUT_FOR_DELIVERY", hours=2).model_dump(), "tracking_number": "SAME"}

    [[recorded]] = record_scans(shop, {0: ReportedScan.model_validate(said)}, feed="api").values()

    assert recorded.shipment.id == new.id
    old.refresh_from_db()
    assert old.phase == Phase.ORDER_PROCESSED


def test_a_bad_scan_among_many_costs_only_itself():
    shop = make_shop()
    shipment = sent_shipment(shop)
    good = {**scan("OUT_FOR_DELIVERY", hours=2).model_dump(), "shipment_id": shipment.id}
    astray = {**scan("OUT_FOR_DELIVERY", hours=2).model_dump(), "tracking_number": "NOBODYS"}
    items = [ReportedScan.model_validate(item) for item in (astray, good)]

    results = record_scans(shop, dict(enumerate(items)), feed="api")

    assert isinstance(results[0], ShipmentNotFound)
    assert results[1][0].effect == Effect.APPLIED


def test_a_thousand_scans_are_a_handful_of_statements(django_assert_num_queries):
    shop = make_shop()
    shipments = [sent_shipment(shop, f"N{number}") for number in range(20)]
    items = {
        index: ReportedScan.model_validate(
            {**scan("OUT_FOR_DELIVERY", hours=index).model_dump(), "shipment_id": shipment.id}
        )
        for index, shipment in enumerate(shipments)
    }

    with django_assert_num_queries(7):  # BEGIN, lock, what is known, three writes, COMMIT
        record_scans(shop, items, feed="api")


def test_a_scan_from_far_ahead_is_refused():
    ahead = timezone.now() + timedelta(days=2)

    with pytest.raises(ValueError, match="more than a day in the future"):
        ScanInput.model_validate(
            {"event_name": "A", "external_id": "1", "event_time": ahead.isoformat()}
        )
