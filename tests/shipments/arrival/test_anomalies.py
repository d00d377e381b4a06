"""Parcels that need a look, by business days; and that finding them needs no walk over all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from common.ids import new_id
from shipments.arrival.anomalies import late_shipments, stalled_shipments, unscanned_shipments
from shipments.models import Shipment
from tests.factories import make_shop
from tests.shipments.arrival.journeys import report, send, window

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
WEDNESDAY = TUESDAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)


def test_never_scanned_two_business_days_after_it_was_sent():
    shop = make_shop()
    shipment = send(shop, "1", at=FRIDAY)

    def found(now):
        return list(Shipment.objects.of(shop).never_scanned(now))

    assert found(TUESDAY - MINUTE) == []
    assert found(TUESDAY + MINUTE) == [shipment]
    report(shipment, "IN_TRANSIT", FRIDAY)
    assert found(TUESDAY + MINUTE) == []


def test_without_movement_for_three_business_days():
    shop = make_shop()
    shipment = send(shop, "1", at=FRIDAY - timedelta(days=9))
    report(shipment, "IN_TRANSIT", FRIDAY)

    def found(now):
        return list(Shipment.objects.of(shop).stalled(now))

    assert found(WEDNESDAY - MINUTE) == []
    assert found(WEDNESDAY + MINUTE) == [shipment]
    assert not Shipment.objects.of(shop).never_scanned(WEDNESDAY).exists()
    report(shipment, "SUCCESSFULLY_DELIVERED", TUESDAY)
    assert found(WEDNESDAY + MINUTE) == []


def test_past_its_window():
    shop = make_shop()
    shipment = send(shop, "1", at=FRIDAY)
    report(shipment, "IN_TRANSIT", FRIDAY, estimated_arrival=window(FRIDAY, TUESDAY))

    assert not Shipment.objects.of(shop).overdue(TUESDAY - MINUTE).exists()
    assert list(late_shipments(shop, TUESDAY + MINUTE)) == [shipment]


def test_the_shops_holidays_count_where_the_shop_is_known():
    """Good Friday and Easter Monday lie between."""
    shop = make_shop(timezone="Europe/Berlin")
    before_easter = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    shipment = send(shop, "1", at=before_easter)
    wednesday = datetime(2026, 4, 8, 9, 30, tzinfo=UTC)

    assert list(Shipment.objects.of(shop).never_scanned(wednesday - timedelta(days=1)))
    assert not unscanned_shipments(shop, wednesday - timedelta(days=1)).exists()
    assert list(unscanned_shipments(shop, wednesday)) == [shipment]
    report(shipment, "IN_TRANSIT", before_easter)
    assert not stalled_shipments(shop, wednesday).exists()
    assert list(stalled_shipments(shop, wednesday + timedelta(days=1))) == [shipment]


def test_another_shops_parcels_are_its_own():
    send(make_shop(), "1", at=FRIDAY)

    assert not Shipment.objects.of(make_shop()).never_scanned(WEDNESDAY).exists()


def test_drafts_and_arrived_parcels_are_no_anomalies():
    shop = make_shop()
    arrived = send(shop, "1", at=FRIDAY)
    report(arrived, "READY_FOR_PICKUP", FRIDAY)
    now = WEDNESDAY + timedelta(days=90)

    for query in (late_shipments, stalled_shipments, unscanned_shipments):
        assert not query(shop, now).exists()


def test_test_parcels_are_no_anomalies():
    shop = make_shop()
    silent = send(shop, "1", at=FRIDAY)
    late = send(shop, "2", at=FRIDAY)
    report(late, "IN_TRANSIT", FRIDAY, estimated_arrival=window(FRIDAY, TUESDAY))
    now = WEDNESDAY + timedelta(days=90)

    def found():
        queries = (late_shipments, stalled_shipments, unscanned_shipments)
        return [list(query(shop, now)) for query in queries]

    assert found() == [[late], [late], [silent]]
    Shipment.objects.of(shop).update(is_test=True)
    assert found() == [[], [], []]


def deliver_a_thousand(shop):
    """Enough parcels that are no longer on their way for a plan to care which index it takes."""
    past = report(send(shop, "1", at=FRIDAY), "SUCCESSFULLY_DELIVERED", TUESDAY)
    told = {field.attname: getattr(past, field.attname) for field in Shipment._meta.concrete_fields}
    copies = [told | {"id": new_id(), "tracking_number": f"past {n}"} for n in range(1000)]
    Shipment.objects.bulk_create(Shipment(**copy) for copy in copies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shipments_shipment")


def test_an_index_holds_the_parcels_on_their_way():
    """Which of the two is taken depends on how many there are; never one of all shipments."""
    shop = make_shop()
    deliver_a_thousand(shop)
    send(shop, "2", at=FRIDAY)

    for name in ("overdue", "stalled", "never_scanned"):
        plan = getattr(Shipment.objects.of(shop), name)(WEDNESDAY).explain()

        assert "shipment_due" in plan or "shipment_silent" in plan, name
