"""The calls of one order: get, amend, attribute, cancel; and what all answers have in common."""

import uuid

import pytest

from events.models import Event
from shops.models import Shop
from tests.api import ShopClient, assert_refused
from tests.documented_order import PRODUCT, documented_order, documented_placement
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def client(shop) -> ShopClient:
    return ShopClient(shop)


def test_get_answers_one_order(client, shop):
    order = place(shop)

    assert client.get(f"/orders/{order.id}").json() == client.order(order.order_number)
    assert client.get(f"/orders/{str(order.id).upper()}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("PUT", "/analytics"),
        ("POST", "/cancel"),
        ("PATCH", "/shipments/01a201dc-00fb-7715-be0a-478f45c88410"),
    ],
)
def test_an_order_of_another_shop_is_as_missing_as_none(client, method, path):
    foreign = place(make_shop())

    for order_id in (foreign.id, uuid.uuid4(), "no-uuid", "%00"):
        response = client.request(method, f"/orders/{order_id}{path}", {})
        assert_refused(response, 404, "order_not_found")


def test_a_shipment_of_another_order_is_missing(client, shop):
    order, other = place(shop), place(shop)
    shipment = other.shipments.get()

    for shipment_id in (shipment.id, uuid.uuid4(), "x"):
        response = client.patch({}, f"/orders/{order.id}/shipments/{shipment_id}")
        assert_refused(response, 404, "shipment_not_found")


def test_patch_changes_what_was_said_and_answers_the_order(client, shop):
    order = place(shop)
    before = client.order(order.order_number)

    response = client.patch(
        {"address": {"zip_code": "1010", "city": "Wien"}}, f"/orders/{order.id}"
    )

    after = response.json()
    assert response.status_code == 200
    assert (after["address"]["zip_code"], after["address"]["name"]) == ("1010", None)
    assert after["expected_number_of_shipments"] == before["expected_number_of_shipments"]
    assert client.get("/orders?zip_code=1010").json() == [after]


def test_patch_raises_and_lowers_the_expected_number(client, shop):
    order = fulfil(shop, place(shop), "A")

    raised = client.patch({"expected_number_of_shipments": 3}, f"/orders/{order.id}").json()
    lowered = client.patch({"expected_number_of_shipments": 1}, f"/orders/{order.id}").json()

    assert (raised["state"], len(raised["shipments"])) == ("partially_fulfilled", 3)
    assert (lowered["state"], len(lowered["shipments"])) == ("fulfilled", 1)


def test_a_patch_that_changes_nothing_tells_nobody(client, shop):
    order = place(shop)
    before, events = client.order(order.order_number), Event.objects.count()

    for body in ({}, {"address": None}, {"address": documented_order()["address"]}):
        assert client.patch(body, f"/orders/{order.id}").json() == before
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"address": {}}, "zip_code_invalid"),
        ({"expected_number_of_shipments": 101}, "payload_invalid"),
        ([], "payload_invalid"),
    ],
)
def test_a_patch_is_checked(client, shop, body, key):
    assert_refused(client.patch(body, f"/orders/{place(shop).id}"), 422, key)


def test_a_shipments_link_and_products_can_be_changed(client, shop):
    order = fulfil(shop, place(shop), "A")
    path = f"/orders/{order.id}/shipments/{order.shipments.get().id}"

    linked = client.patch({"tracking_url": "https://carrier.example/A"}, path).json()
    assert linked["tracking_url"] == "https://carrier.example/A"
    assert [product["title"] for product in linked["products"]] == ["Product A"]

    changed = client.patch({"products": [{**PRODUCT, "sku": "B"}]}, path).json()
    assert [product["sku"] for product in changed["products"]] == ["B"]
    assert changed["tracking_url"] == linked["tracking_url"]

    assert client.patch({"products": []}, path).json()["products"] == []
    assert client.patch({"products": None}, path).json()["products"] == []


def test_a_draft_can_be_given_its_products(client, shop):
    order = place(shop)
    path = f"/orders/{order.id}/shipments/{order.shipments.get().id}"

    assert client.patch({"products": []}, path).json()["tracking_number"] is None
    assert client.order(order.order_number)["shipments"][0]["products"] == []


@pytest.mark.parametrize(
    "body",
    [{"order_analytics": {"utm_campaign": "spring"}}, {"utm_campaign": "spring"}],
)
def test_attribution_is_attached_and_replaced(client, shop, body):
    order = place(shop, order_analytics={"old": True})

    response = client.put(body, f"/orders/{order.id}/analytics")

    assert response.json()["order_analytics"] == {"utm_campaign": "spring"}


def test_an_order_is_cancelled_once_and_takes_nothing_more(client, shop):
    order = place(shop)

    first = client.post(None, f"/orders/{order.id}/cancel").json()
    second = client.post(None, f"/orders/{order.id}/cancel").json()

    assert (first["state"], second) == ("cancelled", first)
    assert first["cancelled_at"]
    assert Event.objects.filter(ref="orders/cancelled").count() == 1
    tracking = {"id": order.order_number, "trackings": [{"tracking_number": "A"}]}
    assert_refused(client.put(tracking), 409, "order_cancelled")
    assert_refused(client.patch({}, f"/orders/{order.id}"), 409, "order_cancelled")


def test_a_fulfilled_order_cannot_be_cancelled(client, shop):
    order = fulfil(shop, place(shop), "A")

    assert_refused(client.post(None, f"/orders/{order.id}/cancel"), 409, "order_fulfilled")


def test_a_write_answers_what_was_written_when_that_is_preferred(client):
    sent = {**documented_placement(), "trackings": [{"tracking_number": "A"}] * 2}

    response = client.put(sent, Prefer="return=representation")

    body = response.json()
    assert response["Preference-Applied"] == "return=representation"
    assert response["Karla-Outcome"] == "created"
    assert body.pop("ignored_trackings") == ["A"]
    assert body == client.order("11334422")


def test_a_read_that_is_known_already_is_304(client, shop):
    order = place(shop)
    for path in ("/orders", f"/orders/{order.id}"):
        first = client.get(path)

        known = client.get(path, **{"If-None-Match": first["ETag"]})
        changed = client.get(path, **{"If-None-Match": '"another"'})
        weakly = client.get(path, **{"If-None-Match": f'"another", W/{first["ETag"]}'})
        unasked = client.get(path, **{"If-Match": '"another"'})

        assert (known.status_code, known.content) == (304, b"")
        assert known["ETag"] == first["ETag"] == changed["ETag"]
        assert (weakly.status_code, weakly["ETag"]) == (304, first["ETag"])
        assert changed.json() == unasked.json() == first.json()


def test_cursors_read_every_order_once_though_new_ones_arrive(client, shop):
    numbers = {place(shop).order_number for _ in range(7)}
    seen, url = [], "/orders?per_page=2"

    while url:
        response = client.get(url)
        seen += [order["order_number"] for order in response.json()]
        place(shop, order_placed_at="2030-01-01T00:00:00Z")
        link = response.get("Link", "")
        assert link == "" or link.endswith('; rel="next"')
        url = "/orders?" + link.partition("?")[2].partition(">")[0] if link else ""

    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == numbers


def test_the_request_id_is_the_clients_if_it_is_sane(client):
    assert client.get(**{"X-Request-ID": "abc-1"})["X-Request-ID"] == "abc-1"
    for odd in ("a b", "x" * 129, "<script>", "é"):
        assert client.get(**{"X-Request-ID": odd})["X-Request-ID"] != odd
