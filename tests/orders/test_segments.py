"""Looking up at once the orders of a segment that few have, and leaving alone what is frequent."""

import pytest
from django.db import connection

from orders import segments
from orders.segments import few_in_segment
from tests.api import ShopClient
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


def test_a_rare_segment_has_its_orders_and_no_other_shops():
    shop, other = make_shop(), make_shop()
    rare = place(shop, segments=["recall", "new"])
    place(shop, segments=["new"])
    place(other, segments=["recall"])

    assert few_in_segment(shop, "recall") == [rare.id]
    assert few_in_segment(shop, " recall ") == [rare.id]
    assert few_in_segment(shop, "nobody") == []
    assert few_in_segment(shop, "recall" + "l" * 300) == []


@pytest.mark.parametrize("nonsense", ["", " ", "a\x00b"])
def test_what_is_no_segment_is_not_looked_up(nonsense, django_assert_num_queries):
    shop = make_shop()

    with django_assert_num_queries(0):
        assert few_in_segment(shop, nonsense) is None


def test_a_segment_of_many_is_left_to_the_list(monkeypatch):
    monkeypatch.setattr(segments, "FEW", 1)
    shop = make_shop()
    place(shop, segments=["recall"])
    assert few_in_segment(shop, "recall") is not None

    place(shop, segments=["recall"])
    assert few_in_segment(shop, "recall") is None


def test_a_segment_that_postgresql_knows_is_left_to_it():
    shop = make_shop()
    for _ in range(20):
        place(shop, segments=["known-to-many"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_order")

    assert few_in_segment(shop, "known-to-many") is None
    assert few_in_segment(shop, "nobody") == []


def test_lists_find_the_same_by_either_way(monkeypatch):
    client = ShopClient(make_shop())
    shop = client.shop
    for number, names in (("A", ["recall"]), ("B", ["recall", "new"]), ("C", ["new"])):
        fulfil(shop, place(shop, order_number=number, segments=names), f"T{number}")

    def found():
        return [
            sorted(row["order_number"] for row in client.get(path).json())
            for path in (
                "/orders?segment=recall",
                "/shipments?segment=recall",
                "/shipments?segment=recall&phase=order_processed",
                "/orders?segment=nobody",
                "/shipments?segment=nobody",
            )
        ]

    few = found()
    monkeypatch.setattr(segments, "FEW", 0)
    assert found() == few == [["A", "B"], ["A", "B"], ["A", "B"], [], []]
