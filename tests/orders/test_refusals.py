"""Every refusal has its status, its key and its path, and leaves nothing behind."""

import copy
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from orders.models import Order
from shops.keys import revoke_api_key
from shops.models import Role
from tests.api import ShopClient, assert_refused, basic, dumps
from tests.documented_order import documented_fulfilment, documented_order, documented_placement
from tests.factories import make_key, make_organization, make_shop, place

pytestmark = pytest.mark.django_db

REMOVED = object()


@pytest.fixture
def client() -> ShopClient:
    return ShopClient(make_shop())


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the document with the value at the dotted path replaced, or removed."""
    copied = copy.deepcopy(document)
    target: Any = copied
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        target = target[part]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value
    return copied


def assert_nothing_written() -> None:
    assert not Order.objects.exists()
    assert not Event.objects.exists()


def test_a_missing_zip_code_is_named_by_its_path(client):
    response = client.put(changed(documented_placement(), "order.address.zip_code", REMOVED))

    body = assert_refused(response, 422, "zip_code_invalid")
    assert [error["loc"] for error in body["errors"]] == [["body", "order", "address", "zip_code"]]
    assert body["errors"][0]["field"] == "zip_code"
    assert_nothing_written()


def test_all_faults_are_named_at_once(client):
    sent = changed(documented_placement(), "order.address.zip_code", REMOVED)
    sent = changed(sent, "order.total_order_price", "much")

    body = assert_refused(client.put(sent), 422, "payload_invalid")

    assert {tuple(error["loc"]) for error in body["errors"]} == {
        ("body", "order", "address", "zip_code"),
        ("body", "order", "total_order_price"),
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", REMOVED),
        ("id", ""),
        ("id", "   "),
        ("id", "x" * 256),
        ("id_type", "number"),
        ("trackings", REMOVED),
        ("trackings", {}),
        ("trackings", [{}]),
        ("trackings", [{"tracking_number": ""}]),
        ("order", "11334422"),
        ("order.address", REMOVED),
        ("order.address", None),
        ("order.address.zip_code", " "),
        ("order.order_number", REMOVED),
        ("order.order_name", "a\x00b"),
        ("order.order_name", "x" * 256),
        ("order.email_id", "x" * 321),
        ("order.order_placed_at", "yesterday"),
        ("order.order_placed_at", "0001-01-01T00:00:00+14:00"),
        ("order.order_placed_at", "9999-12-31T23:59:59-14:00"),
        ("order.order_placed_at", 1e300),
        ("order.order_placed_at", 1700000000),
        ("order.total_order_price", "NaN"),
        ("order.total_order_price", 10**30),
        ("order.total_order_price", [1]),
        ("order.currency", "EURO"),
        ("order.currency", "XXQ"),
        ("order.segments", "segment"),
        ("order.segments", ["a\x00"]),
        ("order.expected_number_of_shipments", 0),
        ("order.expected_number_of_shipments", True),
        ("order.expected_number_of_shipments", 101),
        ("order.expected_number_of_shipments", 1.5),
        ("order.discounts", [{"amount": 1}]),
        ("order.discounts", [{"code": "A", "amount": "NaN"}]),
        ("order.products", [{}] * 501),
        ("order.products.0.quantity", -1),
        ("order.products.0.quantity", True),
        ("order.products.0.quantity", 2**40),
        ("order.products.0.type", "service"),
        ("order.products.0.images", "https://shop.example/a.png"),
        ("order.order_analytics", []),
        ("order.order_analytics", {"a\x00": 1}),
        ("order.order_analytics", {"a": "\x00"}),
        ("order.order_analytics", {"a": 2**64}),
        ("order.order_analytics", {"a": [0] * 3000}),
        ("order_analytics", {"a": "x" * 10_001}),
    ],
)
def test_what_cannot_be_stored_is_refused(client, path, value):
    response = client.put(changed(documented_placement(), path, value))

    body = assert_refused(
        response, 422, "zip_code_invalid" if path.endswith("zip_code") else "payload_invalid"
    )
    assert body["errors"][0]["loc"][0] == "body"
    assert_nothing_written()


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity"])
@pytest.mark.parametrize(
    "path", ["order.total_order_price", "order.order_analytics.a", "order.weight"]
)
def test_numbers_that_are_none_are_refused(client, number, path):
    sent = changed(documented_placement(), path, 987654321)

    response = client.put(dumps(sent).replace(b"987654321", number.encode()))

    assert response.status_code in {400, 422}
    assert_nothing_written()


def test_an_order_nested_absurdly_deep_is_refused(client):
    sent = dumps(changed(documented_placement(), "order.order_analytics", 987654321))

    response = client.put(sent.replace(b"987654321", b'{"a":' * 50_000 + b"1" + b"}" * 50_000))

    assert response.status_code in {400, 422}
    assert_nothing_written()


@pytest.mark.parametrize("price", ["1e-2000000000", "0.00001", "0.12345", "29.990000000000002"])
def test_amounts_of_many_decimals_are_rounded_once(client, price):
    sent = documented_placement(total_order_price=price, weight=price)
    client.put(sent)
    client.put(documented_fulfilment())

    assert client.put(sent)["Karla-Outcome"] == "unchanged"
    assert client.order("11334422")["total_order_price"] == round(float(price) + 1e-9, 4)


@pytest.mark.parametrize("body", [b"{", b"", b"  ", b'{"id": 1,}', b"\xff\xfe", b'{"id": "\xed"}'])
def test_broken_json_is_400(client, body):
    assert_refused(client.put(body), 400, "json_invalid")
    assert_nothing_written()


@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"text"', b"[[]]"])
def test_json_of_another_shape_is_422(client, body):
    assert_refused(client.put(body), 422, "payload_invalid")


def test_eleven_megabytes_are_413(client):
    assert_refused(client.put(b"x" * 11 * 1024 * 1024), 413, "request_too_large")


def test_another_media_type_is_415(client):
    response = client.client.generic(
        "PUT", client.root + "/orders", b"a=1", "text/plain", headers=client.headers
    )

    assert_refused(response, 415, "media_type_unsupported")


def test_a_method_that_is_not_there_is_405(client):
    assert_refused(client.request("DELETE", "/orders"), 405, "method_not_allowed")


def test_an_unknown_carrier_is_named(client):
    client.put(documented_placement())

    response = client.put(documented_fulfilment(carrier_reference="owl_post"))

    body = assert_refused(response, 422, "carrier_reference_invalid")
    assert body["errors"][0]["loc"] == ["body", "trackings", 0, "carrier_reference"]
    assert client.order("11334422")["trackings"] == []


def test_trackings_for_an_unknown_order_are_404(client):
    assert_refused(client.put(documented_fulfilment()), 404, "order_not_found")


def test_an_unknown_uuid_creates_nothing(client):
    sent = {**documented_placement(), "id_type": "uuid", "id": "not-one-of-ours"}

    assert_refused(client.put(sent), 404, "order_not_found")
    assert_nothing_written()


def test_a_reference_at_odds_with_the_order_is_422(client):
    body = assert_refused(client.put({**documented_placement(), "id": "5"}), 422, "payload_invalid")

    assert body["errors"][0]["loc"] == ["body", "id"]
    assert_nothing_written()


def test_a_name_that_two_orders_share_is_ambiguous(client):
    shop_orders = [documented_placement(order_number=n, external_id=n) for n in ("1", "2")]
    for sent, number in zip(shop_orders, ("1", "2"), strict=True):
        client.put({**sent, "id": number})

    response = client.put({**documented_fulfilment(), "id_type": "order_name", "id": "IXF1234"})

    assert_refused(response, 409, "order_reference_ambiguous")


@pytest.mark.parametrize("taken", [{"order_number": "11334422"}, {"external_id": "2205783916624"}])
def test_placing_what_is_taken_is_409_and_changes_nothing(client, taken):
    client.post(documented_order())
    before = client.order("11334422")

    response = client.post(
        documented_order(**{"order_number": "7", "external_id": "7", "currency": "CHF", **taken})
    )

    assert_refused(response, 409, "order_exists")
    assert client.order("11334422") == before
    assert Order.objects.count() == 1


def test_an_upsert_cannot_take_over_another_orders_number(client):
    client.post(documented_order())
    client.post(documented_order(order_number="7", external_id="7"))

    response = client.put(
        {**documented_placement(external_id="7"), "id": "7", "id_type": "external_id"}
    )

    assert_refused(response, 409, "order_exists")


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=99999999999999999999",
        "per_page=101",
        "per_page=0",
        "uuid=1",
        "order_placed_from=soon",
        "order_placed_from=0001-01-01T00:00:00%2B12:00",
        "state=lost",
        "cursor=abc",
        "cursor=MTk5OQ==",
        "order_number=%00",
        "order_number=",
        "email_id=%20",
        "page=",
        "page=1&page=2",
    ],
)
def test_a_parameter_that_cannot_be_is_422(client, query):
    body = assert_refused(client.get(f"/orders?{query}"), 422, "payload_invalid")

    assert body["errors"][0]["loc"] == ["query", query.partition("=")[0]]


def test_a_parameter_that_does_not_exist_is_refused(client):
    body = assert_refused(client.get("/orders?order_numbr=1"), 422, "parameter_unknown")

    assert body["errors"][0]["loc"] == ["query", "order_numbr"]


def test_an_unknown_address_below_v1_is_a_refusal_too(client):
    assert_refused(client.get("/ordres"), 404, "not_found")


def test_without_a_key_it_is_401_with_a_challenge():
    shop = make_shop()

    response = Client(SERVER_NAME="localhost").get(f"/v1/shops/{shop.slug}/orders")

    assert_refused(response, 401, "authentication_failed")
    assert response["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "header",
    [
        "Bearer abc",
        "Basic",
        "Basic !!!",
        "Basic YQ==",
        "Basic /w==",
        basic("x", "y"),
        basic("", ""),
    ],
)
def test_wrong_credentials_are_401(header):
    shop = make_shop()

    response = Client(SERVER_NAME="localhost").get(
        f"/v1/shops/{shop.slug}/orders", headers={"Authorization": header}
    )

    assert_refused(response, 401, "authentication_failed")


def test_the_right_key_under_another_username_is_401():
    shop = make_shop()
    _, secret = make_key(shop)

    response = Client(SERVER_NAME="localhost").get(
        f"/v1/shops/{shop.slug}/orders", headers={"Authorization": basic("other", secret)}
    )

    assert_refused(response, 401, "authentication_failed")


def test_a_revoked_or_expired_key_is_401(client):
    shop = make_shop()
    revoked, secret = make_key(shop)
    revoke_api_key(revoked)
    _, expired = make_key(shop, expires_at="2020-01-01T00:00:00Z")

    for wrong in (secret, expired):
        response = client.client.get(
            f"/v1/shops/{shop.slug}/orders", headers={"Authorization": basic(shop.slug, wrong)}
        )
        assert_refused(response, 401, "authentication_failed")


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_a_key_of_another_shop_sees_404_as_if_there_were_none(method):
    shop, other = make_shop(), make_shop()
    place(other)

    seen = ShopClient(shop, slug=other.slug).request(method, "/orders", documented_placement())
    missing = ShopClient(shop, slug="no-such").request(method, "/orders", documented_placement())

    assert_refused(seen, 404, "shop_not_found")
    assert_refused(missing, 404, "shop_not_found")
    assert seen.json()["message"].replace(other.slug, "") == missing.json()["message"].replace(
        "no-such", ""
    )
    assert Order.objects.count() == 1


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_viewer_may_not_write(method):
    client = ShopClient(make_shop(), role=Role.VIEWER)

    assert_refused(
        client.request(method, "/orders", documented_placement()), 403, "permission_denied"
    )
    assert client.get().status_code == 200
    assert_nothing_written()


def test_a_key_for_every_shop_of_the_organization_sees_no_other_organization():
    organization = make_organization()
    shops = [make_shop(organization=organization) for _ in range(2)]
    foreign = make_shop()
    _, secret = make_key(shops[0], grants={None: Role.VIEWER}, username="all")
    client = Client(SERVER_NAME="localhost")
    headers = {"Authorization": basic("all", secret)}

    statuses = [
        client.get(f"/v1/shops/{shop.slug}/orders", headers=headers).status_code
        for shop in (*shops, foreign)
    ]

    assert statuses == [200, 200, 404]


def test_two_shops_keep_the_same_numbers_apart():
    shops = [make_shop(), make_shop()]
    clients = [ShopClient(shop) for shop in shops]
    for client in clients:
        assert client.put(documented_placement())["Karla-Outcome"] == "created"

    clients[0].put(documented_fulfilment())

    assert clients[0].order("11334422")["state"] == "fulfilled"
    assert clients[1].order("11334422")["state"] == "placed"
    assert clients[1].get("/orders?tracking_number=123456").json() == []
