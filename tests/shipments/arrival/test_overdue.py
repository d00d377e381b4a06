"""Parcels past their window are flagged, and told of once per delay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from events.models import Event
from orders.lookup import lock_order
from shipments.arrival import overdue
from shipments.arrival.overdue import flag_overdue
from shipments.models import Shipment
from shipments.phases import Flag
from shipments.tasks import flag_overdue_shipments
from tests.factories import make_shop
from tests.shipments.arrival.journeys import report, send, window

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def expected(shop, number: str, until: datetime) -> Shipment:
    """In transit, and expected by its carrier until then."""
    shipment = send(shop, number, at=until - 3 * DAY)
    said = window(until - 4 * HOUR, until)
    return report(shipment, "IN_TRANSIT", until - 2 * DAY, estimated_arrival=said)


def told(shop) -> list[Event]:
    return list(Event.objects.of(shop).filter(ref__endswith="/OVERDUE").order_by("id"))


@pytest.mark.django_db
def test_a_parcel_past_its_window_is_delayed_and_told_of(now):
    shop = make_shop()
    shipment = expected(shop, "1", until=now - HOUR)
    expected(shop, "2", until=now + HOUR)

    assert flag_overdue(now=now) == 1

    [event] = told(shop)
    shipment.refresh_from_db()
    assert (shipment.flag, shipment.updated_at) == (Flag.DELAY, now)
    assert event.ref == "shipments/in_transit/OVERDUE"
    assert event.event_group == "shipment_carrier_delay"
    assert event.shipment_id == shipment.id
    assert event.order_id == shipment.order_id
    assert datetime.fromisoformat(event.event_data["event_time"]) == shipment.arrival_end


@pytest.mark.django_db
def test_it_is_told_once(now):
    shop = make_shop()
    shipment = expected(shop, "1", until=now - HOUR)

    assert [flag_overdue(now=now), flag_overdue(now=now + DAY)] == [1, 0]
    report(shipment, "ARRIVAL_AT_DELIVERY_DEPOT", now - HOUR / 2)
    assert flag_overdue(now=now + DAY) == 0
    assert len(told(shop)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["IN_TRANSIT", "A_NAME_OF_THE_SHOP"])
def test_a_later_window_of_the_carrier_lifts_the_delay_and_may_pass_as_well(now, name):
    shop = make_shop()
    shipment = expected(shop, "1", until=now - HOUR)
    flag_overdue(now=now)

    lifted = report(
        shipment, name, now - HOUR / 2, estimated_arrival=window(now + DAY, now + 2 * DAY)
    )
    assert lifted.flag == Flag.NORMAL
    assert flag_overdue(now=now + DAY) == 0

    assert flag_overdue(now=now + 3 * DAY) == 1
    assert len(told(shop)) == 2


@pytest.mark.django_db
def test_an_estimate_of_our_own_excuses_no_delay(now):
    """Out for delivery today, but promised for an earlier day: still delayed."""
    shop = make_shop()
    shipment = send(shop, "1", at=now - 5 * DAY)
    Shipment.objects.of(shop).update(
        arrival_source="history",
        arrival_start=now - 3 * DAY,
        arrival_end=now - 2 * DAY,
        promised_start=now - 3 * DAY,
        promised_end=now - 2 * DAY,
    )
    flag_overdue(now=now)

    out = report(shipment, "OUT_FOR_DELIVERY", now - HOUR)
    still_out = report(shipment, "DRIVER_NEARBY", now - HOUR / 2)
    delivered = report(shipment, "SUCCESSFULLY_DELIVERED", now)

    assert [out.flag, still_out.flag, delivered.flag] == [Flag.DELAY, Flag.DELAY, Flag.NORMAL]
    assert len(told(shop)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "last",
    ["SUCCESSFULLY_DELIVERED", "READY_FOR_PICKUP", "RETURNED_TO_SENDER", "DELAYED_BY_STRIKE"],
)
def test_what_has_arrived_or_is_known_to_be_late_is_not_told_of(now, last):
    shop = make_shop()
    shipment = expected(shop, "1", until=now - HOUR)
    report(shipment, last, now - 2 * HOUR)

    assert flag_overdue(now=now) == 0
    assert told(shop) == []


@pytest.mark.django_db
def test_what_is_only_usual_makes_nothing_late(now):
    shop = make_shop()
    send(shop, "1", at=now - 60 * DAY)

    assert flag_overdue(now=now) == 0


@pytest.mark.django_db
def test_a_return_is_late_by_its_own_window_only(now):
    shop = make_shop()
    shipment = expected(shop, "1", until=now - 2 * DAY)
    report(shipment, "SUCCESSFULLY_DELIVERED", now - DAY)
    back = report(shipment, "RETURN_IN_TRANSIT", now - DAY / 2)
    assert (back.flag, back.arrival_end) == (Flag.NORMAL, None)
    assert flag_overdue(now=now) == 0

    said = window(now - 2 * HOUR, now - HOUR)
    report(shipment, "RETURN_IN_TRANSIT", now - 3 * HOUR, estimated_arrival=said)
    Shipment.objects.of(shop).update(flag=Flag.NORMAL)

    assert flag_overdue(now=now) == 1
    assert told(shop)[0].event_group == "return_shipment_delayed"


@pytest.mark.django_db
def test_all_shops_are_looked_at_and_as_many_at_once_as_is_healthy(now, monkeypatch):
    monkeypatch.setattr(overdue, "AT_ONCE", 2)
    shops = [make_shop(), make_shop()]
    for shop in shops:
        for number in range(3):
            expected(shop, str(number), until=now - HOUR)

    flag_overdue_shipments()

    assert [len(told(shop)) for shop in shops] == [3, 3]


@pytest.mark.django_db(transaction=True)
def test_orders_that_somebody_changes_wait_for_the_next_time(now):
    shop = make_shop()
    busy = expected(shop, "1", until=now - HOUR)
    free = expected(shop, "2", until=now - HOUR)

    with transaction.atomic():
        lock_order(shop, busy.order_id)
        assert elsewhere(lambda: flag_overdue(now=now)) == [1]

    assert [event.shipment_id for event in told(shop)] == [free.id]
    assert flag_overdue(now=now) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_tell_of_each_parcel_once(now):
    shop = make_shop()
    for number in range(12):
        expected(shop, str(number), until=now - HOUR)

    counts = elsewhere(*[lambda: flag_overdue(now=now)] * 6)
    counts.append(flag_overdue(now=now))

    assert sum(counts) == 12
    assert len({event.shipment_id for event in told(shop)}) == len(told(shop)) == 12


def elsewhere(*jobs) -> list[int]:
    """What the jobs answer, each in a connection of its own, at once."""

    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
