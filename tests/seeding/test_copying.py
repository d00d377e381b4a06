from datetime import UTC, datetime
from decimal import Decimal

import pytest

from common.ids import new_id
from orders.models import Order
from orders.states import OrderState
from seeding.copying import copy, encode_rows
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

AWKWARD = 'tab\there, line\nbreak\r, back\\slash, \\N, "quotes", {braces}, ünïcödé 📦, \x01'


def row(shop, number: str, **changes):
    return {
        "id": new_id(),
        "shop_id": shop.id,
        "order_number": number,
        "external_id": number,
        "state": OrderState.PLACED,
        "order_placed_at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        "cancelled_at": None,
        "currency": "EUR",
        "total_order_price": Decimal("12.3400"),
        "shipping_price": None,
        "discounts": [],
        "address": {"zip_code": "10115"},
        "segments": [],
        "user_agent": None,
        "order_analytics": {},
        "expected_number_of_shipments": 2,
        **changes,
    }


def test_what_is_copied_is_read_back():
    shop = make_shop()
    rows = [
        row(shop, "1"),
        row(
            shop,
            AWKWARD,
            segments=[AWKWARD, "", "b"],
            address={"zip_code": "1", "name": AWKWARD},
            user_agent=AWKWARD,
            shipping_price=0,
        ),
    ]

    copy(encode_rows(Order, rows))

    for sent in rows:
        stored = Order.objects.of(shop).get(id=sent["id"])
        assert {name: getattr(stored, name) for name in sent} == sent
        assert stored.zip_code == sent["address"]["zip_code"]
        assert stored.order_name == ""


def test_what_it_does_not_know_is_refused():
    with pytest.raises(TypeError, match="object cannot be copied"):
        encode_rows(Order, [row(make_shop(), "1", weight=object())])
