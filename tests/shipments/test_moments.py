"""Times on the wire: ISO 8601 with microseconds, or none, whatever PostgreSQL leaves out."""

from datetime import UTC, datetime

import pytest

from orders.models import Order
from shipments.models import Shipment
from shipments.representation import represent_orders
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("microsecond", "written"),
    [(0, ""), (120_000, ".120000"), (123_456, ".123456"), (10, ".000010"), (500_000, ".500000")],
)
def test_a_fraction_has_six_digits_or_is_left_out(microsecond, written):
    shop = make_shop()
    order = fulfil(shop, place(shop), "1")
    at = datetime(2026, 3, 1, 10, 0, 0, microsecond, tzinfo=UTC)
    Order.objects.of(shop).update(order_placed_at=at)
    Shipment.objects.of(shop).update(
        tracking_placed_at=at, arrival_start=at, arrival_end=at, arrival_source="carrier"
    )

    said = represent_orders(shop, [order.id])[0].json.decode()

    text = f'"2026-03-01T10:00:00{written}+00:00"'
    for name in ("order_placed_at", "tracking_placed_at", "start", "end"):
        assert f'"{name}":{text}' in said
