"""Orders of which a shipment changed: few are found by their ids, many from the newest on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shipments import selectors
from shipments.models import Shipment
from shipments.selectors import few_orders_updated_since
from tests.api import ShopClient
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def changed(shop, number: str, ago: timedelta):
    order = fulfil(shop, place(shop, order_number=number), f"T{number}")
    Shipment.objects.of(shop).filter(order_id=order.id).update(updated_at=NOW - ago)
    return order


def test_few_are_known_by_their_ids_and_only_those_of_the_shop():
    shop = make_shop()
    order = changed(shop, "A", timedelta(hours=1))
    changed(shop, "B", timedelta(hours=3))
    changed(make_shop(), "C", timedelta(hours=1))

    assert few_orders_updated_since(shop, NOW - timedelta(hours=2)) == [order.id]
    assert few_orders_updated_since(shop, NOW) == []
    assert few_orders_updated_since(shop, None) is None


def test_both_ways_find_the_same(monkeypatch):
    client = ShopClient(make_shop())
    changed(client.shop, "A", timedelta(hours=1))
    changed(client.shop, "B", timedelta(hours=3))
    place(client.shop, order_number="C")
    since = (NOW - timedelta(hours=2)).isoformat().replace("+00:00", "Z")

    def found(more: str = ""):
        answer = client.get(f"/orders?shipment_updated_since={since}{more}")
        return [order["order_number"] for order in answer.json()]

    few = (found(), found("&order_number=A"), found("&order_number=B"))
    monkeypatch.setattr(selectors, "FEW", 0)
    assert few_orders_updated_since(client.shop, NOW - timedelta(hours=2)) is None
    assert (found(), found("&order_number=A"), found("&order_number=B")) == few
    assert "A" in few[0]
    assert "B" not in few[0]
    assert few[1:] == (["A"], [])
