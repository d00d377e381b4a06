"""What staff have worked out anew, row by row, where it went wrong."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from events.models import Event
from orders.models import Order
from orders.states import OrderState
from shipments.models import Feed, Shipment
from shipments.phases import Phase
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.admin.pages import act, messages_of
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


def shipped(shop: Shop, number: str = "00340434161094042557", **tracking) -> Shipment:
    fulfil(shop, place(shop), number, **tracking)
    return Shipment.objects.of(shop).get(tracking_number=number)


def scanned(shipment: Shipment, *names: str) -> None:
    for hours, name in enumerate(reversed(names), start=1):
        at = timezone.now().replace(microsecond=0) - timedelta(hours=hours)
        said = ScanInput(event_name=name, event_time=at, external_id=f"{name}-{hours}")
        record_scan(shipment, said, feed=Feed.API)


def test_a_state_that_is_wrong_follows_from_the_parcels_again(staff):
    shop = make_shop()
    wrong, right = fulfil(shop, place(shop), "1"), fulfil(shop, place(shop), "2")
    Order.objects.filter(id=wrong.id).update(state=OrderState.PLACED)

    response = act(staff, [wrong, right], "recompute")

    assert set(messages_of(response)) == {
        f"{wrong}: Placed → Fulfilled",
        f"{right}: Fulfilled, as before",
    }
    assert Order.objects.get(id=wrong.id).state == OrderState.FULFILLED
    assert LogEntry.objects.count() == 2
    assert Event.objects.filter(order_id=wrong.id, ref="orders/updated").exists()


def test_a_cancelled_order_stays_so(staff):
    shop = make_shop()
    order = place(shop)
    act(staff, [order], "cancel")

    response = act(staff, [order], "recompute")

    assert "is cancelled" in messages_of(response)[0]
    assert Order.objects.get().state == OrderState.CANCELLED


def test_a_phase_that_is_wrong_follows_from_the_scans_again(staff):
    shop = make_shop()
    shipment = shipped(shop)
    scanned(shipment, "COLLECTED_BY_CARRIER", "OUT_FOR_DELIVERY", "SUCCESSFULLY_DELIVERED")
    as_it_was = Shipment.objects.values().get(id=shipment.id)
    Shipment.objects.filter(id=shipment.id).update(
        phase=Phase.IN_TRANSIT, delivered_at=None, phase_since=timezone.now(), phase_scan_id=None
    )

    response = act(staff, [shipment], "recompute")

    assert messages_of(response) == [f"{shipment}: In transit → Delivered"]
    told = Shipment.objects.values().get(id=shipment.id)
    assert {k: v for k, v in told.items() if k != "updated_at"} == {
        k: v for k, v in as_it_was.items() if k != "updated_at"
    }


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("COLLECTED_BY_CARRIER",),
        ("COLLECTED_BY_CARRIER", "DELIVERY_ATTEMPTED_NOBODY_HOME", "OUT_FOR_DELIVERY"),
        ("OUT_FOR_DELIVERY", "DELIVERED_TO_PARCEL_SHOP"),
        ("OUT_FOR_DELIVERY", "A_NAME_OF_THE_SHOP", "SUCCESSFULLY_DELIVERED"),
        ("SUCCESSFULLY_DELIVERED", "RETURN_TO_SENDER"),
    ],
)
def test_a_phase_that_is_right_is_left_alone(staff, names):
    shop = make_shop()
    shipment = shipped(shop)
    scanned(shipment, *names)
    before = Shipment.objects.values().get(id=shipment.id)

    response = act(staff, [shipment], "recompute")

    assert "as before" in messages_of(response)[0]
    assert Shipment.objects.values().get(id=shipment.id) == before


def test_a_carrier_is_matched_by_the_rules_of_today(staff):
    shop = make_shop()
    shipment = shipped(shop, "1Z999AA10123456784")
    assert shipment.carrier_reference == "ups"
    Shipment.objects.filter(id=shipment.id).update(carrier_reference="", carrier_confidence=0)

    response = act(staff, [shipment], "rematch")

    assert messages_of(response) == [f"{shipment}: no carrier → ups"]
    assert Shipment.objects.get(id=shipment.id).carrier_reference == "ups"


def test_a_carrier_that_was_named_stays(staff):
    shop = make_shop()
    shipment = shipped(shop, "1Z999AA10123456784", carrier_reference="dhl")

    response = act(staff, [shipment], "rematch")

    assert messages_of(response) == [f"{shipment}: Its carrier was named, not matched: it stays."]
    assert Shipment.objects.get(id=shipment.id).carrier_reference == "dhl"


@pytest.mark.parametrize("action", ["recompute", "rematch"])
def test_a_draft_has_nothing_to_tell_from(staff, action):
    shop = make_shop()
    draft = place(shop).shipments.get()

    response = act(staff, [draft], action)

    assert "It has no tracking number" in messages_of(response)[0]


def test_nothing_is_done_before_it_was_asked(staff):
    shop = make_shop()
    order = fulfil(shop, place(shop), "1")
    Order.objects.filter(id=order.id).update(state=OrderState.PLACED)

    page = staff.post("/admin/orders/order/", {"action": "recompute", "_selected_action": order.pk})

    assert "Yes, go on" in page.content.decode()
    assert Order.objects.get(id=order.id).state == OrderState.PLACED
