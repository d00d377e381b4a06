import pytest
from auditlog.models import LogEntry

from events.models import Event
from orders.models import Order
from orders.states import OrderState
from shipments.models import Shipment
from shops.models import Role
from tests.factories import fulfil, make_member, make_shop, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR, email="editor@example.com"))
    return client


def page(shop, order, rest=""):
    return f"/shops/{shop.slug}/orders/{order.id}{rest}"


def fresh(order):
    return Order.objects.get(id=order.id)


def test_a_tracking_by_hand_fulfils_the_expected_parcel(shop, editor):
    order = place(shop)

    answer = editor.post(page(shop, order, "/tracking"), {"tracking_number": "1Z999AA10123456784"})

    assert answer.headers["Location"] == page(shop, order)
    assert fresh(order).state == OrderState.FULFILLED
    assert order.shipments.get().carrier_reference == "ups"
    assert (
        Event.objects.of(shop).filter(ref="orders/fulfilled", actor="editor@example.com").exists()
    )
    assert LogEntry.objects.filter(actor__email="editor@example.com").exists()


@pytest.mark.parametrize(
    ("number", "says"),
    [("", "required"), ("\x00", "Null characters"), ("T1", "has this tracking already")],
)
def test_a_tracking_that_makes_no_sense_is_refused(shop, editor, number, says):
    order = fulfil(shop, place(shop), "T1")

    answer = editor.post(page(shop, order, "/tracking"), {"tracking_number": number})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Shipment.objects.of(shop).count() == 1


def test_a_tracking_is_taken_off(shop, editor):
    order = fulfil(shop, place(shop), "T1")
    shipment = order.shipments.get()

    editor.post(page(shop, order, f"/parcels/{shipment.id}/take-off"))

    assert order.shipments.get().is_draft


def test_more_parcels_are_expected(shop, editor):
    order = place(shop)

    editor.post(page(shop, order, "/expected"), {"expected": "3"})

    assert order.shipments.count() == 3


@pytest.mark.parametrize("expected", ["0", "101", "x", ""])
def test_an_absurd_number_of_parcels_changes_nothing(shop, editor, expected):
    order = place(shop)

    answer = editor.post(page(shop, order, "/expected"), {"expected": expected}, follow=True)

    assert "1 to 100" in answer.content.decode()
    assert order.shipments.count() == 1


def test_an_order_is_cancelled(shop, editor):
    order = place(shop)

    editor.post(page(shop, order, "/cancel"))

    assert fresh(order).state == OrderState.CANCELLED
    assert "order-actions" not in editor.get(page(shop, order)).content.decode()


def test_what_was_sent_is_not_cancelled(shop, editor):
    order = fulfil(shop, place(shop), "T1")

    answer = editor.post(page(shop, order, "/cancel"), follow=True)

    assert "detach its trackings" in answer.content.decode()
    assert fresh(order).state == OrderState.FULFILLED


def test_a_cancelled_order_takes_no_tracking(shop, editor):
    order = place(shop)
    editor.post(page(shop, order, "/cancel"))

    answer = editor.post(page(shop, order, "/tracking"), {"tracking_number": "T1"})

    assert answer.status_code == 422
    assert "is cancelled" in answer.content.decode()


def test_viewers_are_offered_nothing(shop, client):
    client.force_login(make_member(shop, Role.VIEWER))

    assert "order-actions" not in client.get(page(shop, place(shop))).content.decode()
