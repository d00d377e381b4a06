"""The documented order's way through the API, as the public documentation tells it."""

import pytest

from events.models import Event
from tests.api import ShopClient
from tests.documented_order import documented_fulfilment, documented_placement
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop(slug="demo"))


def refs() -> list[str]:
    return [event.ref for event in Event.objects.order_by("created_at", "id")]


def test_placing_answers_null_and_makes_one_draft(client):
    response = client.put(documented_placement())

    assert (response.status_code, response.json()) == (200, None)
    assert response["Karla-Outcome"] == "created"
    order = client.order("11334422")
    assert order["state"] == "placed"
    assert order["trackings"] == []
    [draft] = order["shipments"]
    assert (draft["tracking_number"], draft["phase"]) == (None, "order_created")
    assert refs() == ["orders/placed"]


def test_what_was_sent_is_read_back(client):
    sent = documented_placement()["order"]
    client.put(documented_placement())

    read = client.order("11334422")

    for field in sent.keys() - {"products", "order_placed_at"}:
        assert read[field] == sent[field], field
    assert read["order_placed_at"] == "2023-03-17T09:51:41+00:00"
    for field, value in sent["products"][0].items():
        assert read["products"][0][field] == value, field
    assert read["products"][0]["weight"] == 0
    assert read["merchant_slug"] == read["shop_slug"] == "demo"


@pytest.mark.parametrize(
    "query",
    [
        "email_id=jane@example.com",
        "email_id=JANE@example.com",
        "external_id=2205783916624",
        "order_name=IXF1234",
        "order_number=11334422",
        "zip_code=10119",
        "order_placed_from=2023-03-17T09:51:41Z",
        "order_placed_from=2023-03-17T09:51:41+00:00",  # as clients send it: a plus means a space
        "order_placed_to=2023-03-17T10:51:41%2B01:00",
        "order_placed_from=2023-03-01T00:00:00Z&order_placed_to=2023-04-01T00:00:00Z",
        "order_placed_to=2030-01-01T00:00:00-23:59",
        "shipment_updated_since=2023-03-17T09:51:41Z",
        "state=placed",
        "segment=segment2",
        "page=1&per_page=100",
        "order_name=IXF1234&zip_code=10119&state=placed&segment=segment1",
    ],
)
def test_every_filter_finds_it(client, query):
    client.put(documented_placement())

    assert [order["order_number"] for order in client.get(f"/orders?{query}").json()] == [
        "11334422"
    ]


@pytest.mark.parametrize(
    "query",
    [
        "email_id=jane@example.org",
        "external_id=2205",
        "order_name=IXF",
        "order_number=1133442",
        "uuid=01a201dc-00fb-7715-be0a-478f45c88410",
        "zip_code=1011",
        "order_placed_from=2023-03-17T09:51:42Z",
        "order_placed_to=2023-03-17T09:51:40Z",
        "shipment_updated_since=2100-01-01T00:00:00Z",
        "state=fulfilled",
        "segment=segment",
        "tracking_number=123456",
        "page=2",
        "order_name=IXF1234&zip_code=1",
    ],
)
def test_every_filter_leaves_it_out(client, query):
    client.put(documented_placement())

    assert client.get(f"/orders?{query}").json() == []


def test_a_tracking_makes_the_draft_a_fulfilled_shipment(client):
    client.put(documented_placement())
    [draft] = client.order("11334422")["shipments"]

    response = client.put(documented_fulfilment())

    assert (response.status_code, response.json()) == (200, None)
    assert response["Karla-Outcome"] == "updated"
    order = client.order("11334422")
    assert order["state"] == "fulfilled"
    [shipment] = order["trackings"]
    assert order["shipments"] == [shipment]
    assert shipment["uuid"] == shipment["id"] == draft["uuid"]
    assert shipment["tracking_number"] == "123456"
    assert shipment["tracking_placed_at"] == "2025-07-23T11:47:37.470473+00:00"
    assert shipment["phase"] == "order_processed"
    assert [product["title"] for product in shipment["products"]] == ["Product A"]
    assert shipment["order_id"] == order["uuid"]
    assert client.get("/orders?tracking_number=123456").json() == [order]
    assert client.get(f"/orders?uuid={order['uuid']}").json() == [order]
    assert refs() == [
        "orders/placed",
        "shipments/order_processed/ORDER_IN_PROCESSING",
        "orders/fulfilled",
    ]


def test_three_expected_and_one_tracking_is_partially_fulfilled(client):
    client.put(documented_placement(expected_number_of_shipments=3))
    client.put(documented_fulfilment())

    order = client.order("11334422")

    assert order["state"] == "partially_fulfilled"
    assert [s["tracking_number"] for s in order["shipments"]] == ["123456", None, None]


@pytest.mark.parametrize("expected", [1, 3])
def test_the_same_requests_again_change_nothing(client, expected):
    requests = [
        documented_placement(expected_number_of_shipments=expected),
        documented_fulfilment(),
    ]
    for request in requests:
        client.put(request)
    before, events = client.order("11334422"), refs()

    for request in [*requests, *reversed(requests), *requests]:
        assert client.put(request)["Karla-Outcome"] == "unchanged"

    assert client.order("11334422") == before
    assert refs() == events


def test_an_order_that_arrives_fulfilled_tells_all_of_it(client):
    client.put({**documented_placement(), **documented_fulfilment()})

    order = client.order("11334422")
    placed, attached, fulfilled = Event.objects.order_by("created_at", "id")
    assert placed.event_data == {
        "order_id": order["uuid"],
        "order_number": "11334422",
        "external_id": "2205783916624",
        "event_name": "placed",
        "event_group": "order_placed",
        "state": "fulfilled",
        "expected_number_of_shipments": 1,
        "changed": [],
    }
    assert (fulfilled.ref, fulfilled.event_group) == ("orders/fulfilled", "order_fulfilled")
    [shipment] = order["trackings"]
    assert attached.ref == "shipments/order_processed/ORDER_IN_PROCESSING"
    assert attached.event_group == "shipment_pre_transit"
    assert str(attached.shipment_id) == shipment["uuid"]
    assert attached.event_data["event_id"] == str(attached.id)
    assert attached.event_data["tracking_number"] == "123456"
    assert attached.event_data["phase"] == "order_processed"


def test_an_event_names_who_did_it_and_in_which_request(client):
    client.put(documented_placement(), **{"X-Request-ID": "their-own-id"})

    event = Event.objects.get()

    assert (event.actor, event.request_id) == ("API key demo", "their-own-id")
