import pytest
from auditlog.models import LogEntry

from events.models import Event
from orders.models import Order
from orders.states import OrderState
from shipments.selectors import own_lines_by_shipment
from shops.models import Role
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.pages import text_of

pytestmark = pytest.mark.django_db

PRODUCTS = [
    {"sku": "S1", "title": "Cup", "quantity": 3, "images": [{"src": "https://shop.example/1.png"}]},
    {"sku": "S2", "title": "Pot", "quantity": 1},
]


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR, email="editor@example.com"))
    return client


def page(shop, order):
    shipment = order.shipments.order_by("position").first()
    return f"/shops/{shop.slug}/orders/{order.id}/parcels/{shipment.id}/split"


def split(client, shop, order, *moved):
    said = {f"moved_{at}": count for at, count in enumerate(moved)}
    return client.post(page(shop, order), {"seen": order.updated_at.isoformat(), **said})


def contents(shop, order):
    """Of each parcel the counts by SKU; None where it holds all of the order's lines."""
    shipments = list(order.shipments.order_by("position"))
    lines = own_lines_by_shipment(shop, shipments)
    return [
        {line.sku: line.quantity for line in lines[one.id]} if one.has_own_lines else None
        for one in shipments
    ]


def test_some_products_go_into_a_further_parcel_that_is_then_expected(shop, editor):
    order = fulfil(shop, place(shop, products=PRODUCTS), "T1")

    answer = split(editor, shop, order, 1, 1)

    after = Order.objects.get(id=order.id)
    assert answer.headers["Location"] == f"/shops/{shop.slug}/orders/{order.id}"
    assert contents(shop, order) == [{"S1": 2}, {"S1": 1, "S2": 1}]
    assert after.expected_number_of_shipments == 2
    assert after.state == OrderState.PARTIALLY_FULFILLED
    assert Event.objects.of(shop).latest("created_at").actor == "editor@example.com"
    assert LogEntry.objects.filter(actor__email="editor@example.com").exists()
    told = text_of(editor.get(answer.headers["Location"]))
    assert told.count("editor@example.com · in the portal") == 1
    assert "Parcel split into two T1 2 pieces go into the further one" in told
    further = own_lines_by_shipment(shop, list(order.shipments.all()))
    assert all(
        line.images[0]["src"] for rows in further.values() for line in rows if line.sku == "S1"
    )


def test_the_further_parcel_keeps_its_products_when_its_tracking_comes(shop, editor):
    order = fulfil(shop, place(shop, products=PRODUCTS), "T1")
    split(editor, shop, order, 0, 1)

    fulfil(shop, order, "T2")

    assert contents(shop, order) == [{"S1": 3}, {"S2": 1}]
    assert Order.objects.get(id=order.id).state == OrderState.FULFILLED


def test_a_parcel_is_split_again(shop, editor):
    order = place(shop, products=PRODUCTS)
    split(editor, shop, order, 1, 1)

    split(editor, shop, Order.objects.get(id=order.id), 1)

    assert contents(shop, order) == [{"S1": 1}, {"S1": 1, "S2": 1}, {"S1": 1}]


@pytest.mark.parametrize(
    ("moved", "says"),
    [
        ((0, 0), "at least one product"),
        (("", ""), "at least one product"),
        ((3, 1), "nothing would be left"),
        ((4, 0), "less than or equal to 3"),
        ((-1, 0), "greater than or equal to 0"),
        (("x", 0), "whole number"),
    ],
)
def test_what_is_no_split_is_refused(shop, editor, moved, says):
    order = place(shop, products=PRODUCTS)

    answer = split(editor, shop, order, *moved)

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert contents(shop, order) == [None]


def test_what_changed_meanwhile_is_not_split(shop, editor):
    order = place(shop, products=PRODUCTS)
    fulfil(shop, order, "T1")

    answer = split(editor, shop, order, 1, 0)

    assert "changed after you opened" in text_of(answer)
    assert contents(shop, order) == [None]


def test_a_cancelled_order_is_not_split(shop, editor):
    order = place(shop, products=PRODUCTS)
    editor.post(f"/shops/{shop.slug}/orders/{order.id}/cancel")

    answer = split(editor, shop, Order.objects.get(id=order.id), 1, 0)

    assert "is cancelled" in text_of(answer)


def test_an_order_has_no_more_than_100_parcels(shop, editor):
    order = place(shop, products=PRODUCTS, expected_number_of_shipments=100)

    answer = split(editor, shop, order, 1, 0)

    assert "at most 100 parcels" in text_of(answer)


def test_the_orders_page_offers_it_where_there_is_something_to_split(shop, editor):
    one = place(shop, products=[{"sku": "S1", "quantity": 1}])
    many = place(shop, products=PRODUCTS)

    pages = [editor.get(f"/shops/{shop.slug}/orders/{o.id}").content for o in (one, many)]

    assert [b"/split" in content for content in pages] == [False, True]
