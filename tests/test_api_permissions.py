"""Who may call what: every URL of the API has its rows here, and every row is tried.

A new URL or method without a row fails. The portal's pages have a matrix of their own
(tests/portal/test_permissions.py), the back office is Django's (tests/admin).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from events.models import Event
from shipments.feeds.models import Aggregator
from shops.keys import revoke_api_key
from shops.models import ApiKey, Role
from tests.api import ShopClient, basic, dumps
from tests.documented_order import documented_order, documented_placement
from tests.factories import fulfil, make_key, make_member, make_shop, place
from tests.shipments.feeds.deliveries import Sender, aftership_update, easypost_event
from webhooks.samples import send_test
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db

ROOT = "v1/shops/<slug:slug>/"

SCAN = {"event_name": "A", "event_time": "2026-03-02T08:00:00Z", "external_id": "1"}

# route, method, smallest role, body
MATRIX: list[tuple[str, str, Role, Any]] = [
    ("orders", "GET", Role.VIEWER, None),
    ("orders", "POST", Role.EDITOR, documented_order()),
    ("orders", "PUT", Role.EDITOR, documented_placement()),
    ("orders/bulk", "PUT", Role.EDITOR, [documented_placement()]),
    ("orders/<order_id>", "GET", Role.VIEWER, None),
    ("orders/<order_id>", "PATCH", Role.EDITOR, {"expected_number_of_shipments": 2}),
    ("orders/<order_id>/analytics", "PUT", Role.EDITOR, {"order_analytics": {"a": 1}}),
    ("orders/<order_id>/cancel", "POST", Role.EDITOR, None),
    ("orders/<order_id>/shipments/<shipment_id>", "PATCH", Role.EDITOR, {"tracking_url": "x"}),
    ("shipments", "GET", Role.VIEWER, None),
    ("shipments/events", "POST", Role.EDITOR, [SCAN]),
    ("shipments/<shipment_id>", "GET", Role.VIEWER, None),
    ("shipments/<shipment_id>/events", "GET", Role.VIEWER, None),
    ("shipments/<shipment_id>/events", "POST", Role.EDITOR, SCAN),
    ("analytics", "GET", Role.VIEWER, None),
    ("analytics/<number>", "GET", Role.VIEWER, None),
    ("analytics/<number>/rows", "GET", Role.VIEWER, None),
    ("webhooks", "GET", Role.VIEWER, None),
    ("webhooks", "POST", Role.ADMIN, {"url": "https://203.0.114.1/hook"}),
    ("webhooks/<webhook_id>", "GET", Role.VIEWER, None),
    ("webhooks/<webhook_id>", "PATCH", Role.ADMIN, {"description": "ours"}),
    ("webhooks/<webhook_id>", "DELETE", Role.ADMIN, None),
    ("webhooks/<webhook_id>/rotate", "POST", Role.ADMIN, {}),
    ("webhooks/<webhook_id>/test", "POST", Role.ADMIN, {"event": "orders/placed"}),
    ("webhooks/<webhook_id>/deliveries", "GET", Role.VIEWER, None),
    ("webhooks/<webhook_id>/deliveries/<delivery_id>", "GET", Role.VIEWER, None),
    ("webhooks/<webhook_id>/deliveries/<delivery_id>/resend", "POST", Role.ADMIN, None),
    ("webhooks/<webhook_id>/replays", "GET", Role.VIEWER, None),
    ("webhooks/<webhook_id>/replays", "POST", Role.ADMIN, {"from": "2026-01-01T00:00:00Z"}),
    ("webhooks/<webhook_id>/replays/preview", "POST", Role.ADMIN, {"from": "2026-01-01T00:00:00Z"}),
]

SIGNED = {
    ("v1/feeds/<token>/aftership", "POST"): Aggregator.AFTERSHIP,
    ("v1/feeds/<token>/easypost", "POST"): Aggregator.EASYPOST,
}
"""For aggregators: no key opens these, and no role; a signature by the connection's secret does."""

ANY_KEY: list[tuple[str, str, Any]] = [
    ("v1/carriers/match", "POST", {"tracking_numbers": ["1Z12345E0205271688"]}),
]
"""Route, method, body: what says nothing of a shop, and is for every valid key."""

OPEN = {"healthz", "readyz", "v1/schema", "v1/docs"}
"""For everybody."""

ELSEWHERE = ("admin/", "")
"""What starts like this has its own tests: the back office, and the portal at the root."""


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif str(pattern.pattern) not in ELSEWHERE:
            yield from _patterns(pattern, route)


def test_every_url_and_method_has_a_row():
    found = set()
    for route, pattern in _patterns(get_resolver()):
        if route.startswith("v1/") and route not in OPEN:
            methods = pattern.callback.cls().allowed_methods
            found |= {(route, method) for method in methods if method != "OPTIONS"}

    in_shops = {(ROOT + route, method) for route, method, _, _ in MATRIX}
    assert found == in_shops | {(route, method) for route, method, _ in ANY_KEY} | set(SIGNED)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("route", "method", "smallest", "body"), MATRIX)
def test_a_role_may_do_what_the_matrix_says(route, method, smallest, body, role):
    shop = make_shop()
    path = _path(route, shop)

    response = ShopClient(shop, role=role).request(method, path, body)

    allowed = response.status_code in (200, 201, 204)
    assert allowed if role.includes(smallest) else response.status_code == 403
    assert "RateLimit-Remaining" in response.headers
    assert "X-Request-ID" in response.headers


@pytest.mark.parametrize(("route", "method", "smallest", "body"), MATRIX)
def test_another_shop_and_nobody_get_nothing(route, method, smallest, body):
    shop, stranger = make_shop(), make_shop()
    path = _path(route, shop)
    events = Event.objects.count()

    foreign = ShopClient(stranger, role=Role.ADMIN, slug=shop.slug).request(method, path, body)
    own_slug = ShopClient(stranger, role=Role.ADMIN).request(method, path, body)
    nobody = Client(SERVER_NAME="localhost").generic(method, f"/v1/shops/{shop.slug}{path}")

    assert (foreign.status_code, foreign.json()["key"]) == (404, "shop_not_found")
    assert (nobody.status_code, nobody.json()["key"]) == (401, "authentication_failed")
    if "_id>" in route:
        missing = "order_not_found" if "<order_id>" in route else "shipment_not_found"
        missing = "webhook_not_found" if "<webhook_id>" in route else missing
        assert (own_slug.status_code, own_slug.json()["key"]) == (404, missing)
        assert Event.objects.count() == events


@pytest.mark.parametrize(("signed", "aggregator"), SIGNED.items())
def test_what_is_signed_takes_no_key_and_only_its_own_signature(signed, aggregator):
    (route, method), shop = signed, make_shop()
    sender = Sender(shop, aggregator)
    route = f"/{route.replace('<token>', sender.address.token)}"
    body = aftership_update() if aggregator == Aggregator.AFTERSHIP else easypost_event()
    _, secret = make_key(shop, Role.ADMIN)
    keyed = {"Authorization": basic(shop.slug, secret)}

    signed_answer = sender.deliver(body)
    with_key = sender.deliver(body, **keyed)
    member = Client(SERVER_NAME="localhost")
    member.force_login(make_member(shop, Role.ADMIN))
    logged_in = member.generic(method, route, b"{}", content_type="application/json")

    assert sender.url == route
    assert signed_answer.status_code == 200
    for refused in (with_key, logged_in):
        assert (refused.status_code, refused.json()["key"]) == (401, "authentication_failed")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("route", "method", "body"), ANY_KEY)
def test_what_is_for_every_key_takes_any_role_in_any_shop(route, method, body, role):
    response = ShopClient(make_shop(), role=role, root="").request(method, f"/{route}", body)

    assert response.status_code == 200
    assert "RateLimit-Remaining" in response.headers


@pytest.mark.parametrize(("route", "method", "body"), ANY_KEY)
def test_what_is_for_every_key_takes_a_key(route, method, body):
    shop = make_shop()
    revoked = ShopClient(shop, root="")
    revoke_api_key(ApiKey.objects.get())

    nobody = Client(SERVER_NAME="localhost").generic(method, f"/{route}", dumps(body))
    too_late = revoked.request(method, f"/{route}", body)

    for response in (nobody, too_late):
        assert (response.status_code, response.json()["key"]) == (401, "authentication_failed")
        assert "Basic" in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", ["/v1/schema", "/v1/docs", "/healthz", "/readyz"])
def test_what_is_open_needs_no_key(path):
    assert Client(SERVER_NAME="localhost").get(path).status_code == 200


def _path(route: str, shop: Any) -> str:
    if "<" not in route:
        return f"/{route}"
    if route.startswith("analytics"):
        return "/" + route.replace("<number>", "claim_rate")
    if route.startswith("webhooks"):
        return _webhook_path(route, shop)
    order = place(shop)
    if "shipment" in route:
        order = fulfil(shop, order, "T1")
    shipment = order.shipments.get()
    return "/" + route.replace("<order_id>", str(order.id)).replace(
        "<shipment_id>", str(shipment.id)
    )


def _webhook_path(route: str, shop: Any) -> str:
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    path = "/" + route.replace("<webhook_id>", str(webhook.id))
    if "<delivery_id>" in path:
        path = path.replace("<delivery_id>", str(send_test(webhook, "orders/placed").id))
    return path
