"""What clients read is as the API describes it, never null where clients do not expect it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.api.read_models import Order as OrderModel
from orders.models import Order
from tests.api import ShopClient
from tests.documented_order import PRODUCT
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

BARE = {"order_number": "1", "address": {"zip_code": "1010"}, "products": [{}]}
BUNDLE = {
    "type": "bundle",
    "quantity": 0,
    "bundled_products": [
        {},
        {"sku": "part", "price": "1.5", "images": [{"src": "https://a.example"}]},
    ],
    "tax_lines": [{"price": 0.19, "rate": 0.19}],
}


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop())


def test_the_barest_order_reads_without_nulls_where_clients_parse_unguarded(client):
    client.put({"id": "1", "order": BARE, "trackings": [{"tracking_number": "A"}]})

    order = client.order("1")

    OrderModel.model_validate(order)
    for field in ("total_order_price", "shipping_price", "sub_total_price", "discount_price"):
        assert order[field] == 0
    assert (order["weight"], order["external_id"], order["currency"]) == (0, "1", "EUR")
    [product] = order["products"]
    assert (product["price"], product["weight"], product["quantity"]) == (0, 0, 1)
    [tracking] = order["trackings"]
    assert tracking["events"] == []
    assert tracking["carrier"] is None


def test_everything_that_can_be_sent_reads_as_described(client):
    place(
        client.shop,
        order_number="1",
        products=[PRODUCT, BUNDLE],
        discounts=[{"code": "A", "amount": 5}],
    )
    order = fulfil(
        client.shop, place(client.shop), "1Z", carrier_reference="ups", products=[BUNDLE]
    )

    read = client.order("1")
    tracking = client.order(order.order_number)["trackings"][0]

    OrderModel.model_validate(read)
    OrderModel.model_validate(client.order(order.order_number))
    assert read["discounts"] == [{"code": "A", "amount": "5", "type": None}]
    empty, part = read["products"][1]["bundled_products"]
    assert (empty["price"], empty["weight"], part["price"]) == (0, 0, 1.5)
    assert tracking["carrier"] == {
        "tracking_number": "1Z",
        "carrier_reference": "ups",
        "tracking_url": "https://www.ups.com/track?tracknum=1Z",
    }


def test_a_number_of_absurd_size_in_free_form_json_is_read_back(client):
    analytics = {"huge": -1.7976931348623157e308, "large": 2**63 - 1, "small": 1e-300}

    client.put({"id": "1", "order": {**BARE, "order_analytics": analytics}, "trackings": []})

    assert client.order("1")["order_analytics"] == analytics


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("0", "0"),
        ("10.0000", "10"),
        ("0.0001", "0.0001"),
        ("-1200.5", "-1200.5"),
        ("12345678901234.5678", "12345678901234.5678"),  # more than a float holds
    ],
)
def test_an_amount_is_read_to_its_last_digit(client, amount, read):
    order = place(client.shop)
    Order.objects.of(client.shop).filter(id=order.id).update(total_order_price=amount)

    text = client.get(f"/orders/{order.id}").content.decode()

    assert f'"total_order_price":{read},' in text


def test_a_search_costs_the_same_statements_for_2_and_for_30_orders(client):
    def statements(per_page: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(f"/orders?per_page={per_page}").json()) == per_page
        return len(captured)

    for number in range(30):
        fulfil(client.shop, place(client.shop), f"T{number}", products=[PRODUCT])
    client.get()

    assert statements(2) == statements(30) == 2


@pytest.mark.parametrize(
    ("micros", "read"),
    [
        (0, "2026-03-01T10:00:00+00:00"),
        (500_000, "2026-03-01T10:00:00.500000+00:00"),
        (123_450, "2026-03-01T10:00:00.123450+00:00"),
        (7, "2026-03-01T10:00:00.000007+00:00"),
    ],
)
def test_a_time_has_all_its_microseconds_or_none(client, micros, read):
    order = place(client.shop)
    at = datetime(2026, 3, 1, 10, microsecond=micros, tzinfo=UTC)
    Order.objects.of(client.shop).filter(id=order.id).update(created_at=at)

    assert client.order(order.order_number)["created_at"] == read
