"""PUT /orders/bulk, strict and lenient."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from intake.upsert import PIECE
from orders.models import Order
from tests.api import ShopClient, assert_refused
from tests.documented_order import documented_order, documented_placement
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

LENIENT = {"Prefer": "handling=lenient"}


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop())


def upsert(number: str, *trackings: str) -> dict:
    return {
        "id": number,
        "order": documented_order(order_number=number, external_id=f"e{number}"),
        "trackings": [{"tracking_number": tracking} for tracking in trackings],
    }


BAD_ZIP = {"id": "9", "order": {"order_number": "9", "address": {}}, "trackings": []}
MISSING = {"id": "missing", "trackings": []}


def test_a_bulk_answers_null(client):
    response = client.put([upsert("1"), upsert("2", "A")], "/orders/bulk")

    assert (response.status_code, response.json()) == (200, None)
    assert response["Karla-Outcome"] == "created"
    assert client.order("2")["state"] == "fulfilled"
    again = client.put([upsert("1"), upsert("2", "A")], "/orders/bulk")
    assert again["Karla-Outcome"] == "unchanged"
    assert client.put([], "/orders/bulk")["Karla-Outcome"] == "unchanged"


def test_every_bad_item_is_named_by_its_index_and_none_applied(client):
    response = client.put([upsert("1"), BAD_ZIP, upsert("2"), MISSING, "text"], "/orders/bulk")

    body = assert_refused(response, 422, "payload_invalid")
    assert [(error["loc"], error["type"]) for error in body["errors"]] == [
        (["body", 1, "order", "address", "zip_code"], "missing"),
        (["body", 3, "id"], "order_not_found"),
        (["body", 4], "model_type"),
    ]
    assert not Order.objects.exists()
    assert not Event.objects.exists()


def test_a_bulk_whose_only_fault_is_a_zip_code_says_so(client):
    response = client.put([upsert("1"), BAD_ZIP], "/orders/bulk")

    body = assert_refused(response, 422, "zip_code_invalid")
    assert body["errors"][0]["loc"] == ["body", 1, "order", "address", "zip_code"]


def test_a_lenient_bulk_applies_the_good_ones_and_names_the_bad(client):
    response = client.put(
        [upsert("1"), BAD_ZIP, upsert("2", "A", "A"), MISSING], "/orders/bulk", **LENIENT
    )

    assert response.status_code == 200
    assert response["Preference-Applied"] == "handling=lenient"
    first, bad, second, missing = response.json()
    assert first == {
        "index": 0,
        "outcome": "created",
        "uuid": client.order("1")["uuid"],
        "order_number": "1",
        "ignored_trackings": [],
        "errors": [],
    }
    assert (second["outcome"], second["ignored_trackings"]) == ("created", ["A"])
    assert (bad["index"], bad["outcome"]) == (1, "refused")
    assert bad["errors"][0]["loc"] == ["body", 1, "order", "address", "zip_code"]
    assert missing["errors"][0]["type"] == "order_not_found"


def test_a_strict_bulk_can_answer_what_was_written(client):
    response = client.put(
        [upsert("1"), upsert("1", "A")], "/orders/bulk", Prefer="return=representation"
    )

    assert [item["outcome"] for item in response.json()] == ["created", "updated"]
    assert response["Preference-Applied"] == "return=representation"
    assert response["Karla-Outcome"] == "updated"


def test_more_than_a_thousand_items_are_too_many(client):
    response = client.put([MISSING] * 1001, "/orders/bulk")

    assert_refused(response, 413, "request_too_large")


@pytest.mark.parametrize("body", [{}, "text", None, 1, documented_placement()])
def test_a_bulk_is_an_array(client, body):
    response = client.put(b"null" if body is None else body, "/orders/bulk")

    assert_refused(response, 422, "payload_invalid")


WRITES_OF_A_PIECE = 5  # orders, lines, shipments, their lines, events


def test_a_bulk_costs_the_same_statements_for_2_and_for_a_piece(client):
    def statements(numbers: range) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.put([upsert(str(n), f"T{n}") for n in numbers], "/orders/bulk")
        return len([query for query in captured if "apikey" not in query["sql"]])

    statements(range(10, 12))  # a shop's history of deliveries is read once
    of_a_piece = statements(range(2))
    assert statements(range(100, 100 + PIECE)) == of_a_piece
    assert statements(range(1000, 1000 + 3 * PIECE)) <= of_a_piece + 2 * WRITES_OF_A_PIECE
