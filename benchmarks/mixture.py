"""The kinds of requests as they come in a day: for each order a few scans and page views."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import orjson
from django.conf import settings

from benchmarks.constant import constant_request
from benchmarks.load import Asked, Measured
from benchmarks.member import session_of
from benchmarks.product import Product
from benchmarks.upsert import upsert_of
from orders.models import Order
from orders.tracking_link import tracking_token
from shipments.models import Shipment
from shops.models import Membership, Role, Shop, User

UPSERT, SAME, SCAN = "upsert, new", "upsert, the same again", "scan"
SEARCH, ORDER, NUMBER = "search by ZIP code", "order by number", "dashboard number"
DASHBOARD, PAGE = "dashboard page", "tracking page"
WEIGHTS = {UPSERT: 4, SAME: 4, SCAN: 8, SEARCH: 3, ORDER: 3, NUMBER: 1, DASHBOARD: 1, PAGE: 6}
FOR_PEOPLE = {DASHBOARD, PAGE}
KNOWN = 5_000
"""Orders and parcels of the shop that requests are about."""


class Mixture:
    def __init__(self, product: Product, shop: Shop, authorization: str) -> None:
        self.product, self.shop, self.authorization = product, shop, authorization
        self.random = Random(1)
        newest = Order.objects.of(shop).newest_first()[:KNOWN]
        rows = newest.values_list("id", "order_number", "zip_code", "order_placed_at")
        self.orders = list(rows)
        parcels = Shipment.objects.of(shop).fulfilled().order_by("-created_at")[:KNOWN]
        self.parcels = list(parcels.values_list("id", flat=True))
        self.cookie = _session(shop)
        self.last_day = self.orders[0][3].date()

    def endless(self) -> Iterator[Asked]:
        """Each time with later scans: the load generator is a fork, and what it used up is not gone
        here."""
        self.now = datetime.now(UTC)
        kinds = {
            UPSERT: self._upsert,
            SAME: self._same,
            SCAN: self._scan,
            SEARCH: self._search,
            ORDER: self._order,
            NUMBER: self._number,
            DASHBOARD: self._dashboard,
            PAGE: self._page,
        }
        for kind in self._kinds():
            yield Asked(kind, kinds[kind]())

    def constants(self, measured: Mapping[str, Measured]) -> Iterator[Asked]:
        """The floor of all that: as many of each kind, with answers of the same size that are found
        without looking for them."""
        requests = {
            kind: self._constant(kind, max(2, one.size // max(1, len(one.latencies))))
            for kind, one in measured.items()
        }
        for kind in self._kinds():
            yield Asked(kind, requests[kind])

    def _kinds(self) -> Iterator[str]:
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        while True:
            yield from self.random.choices(names, weights, k=100)

    def _constant(self, kind: str, size: int) -> bytes:
        if kind in FOR_PEOPLE:
            return self._request("GET", f"/t/constant/{size}")
        return constant_request(self.product, size)

    def _request(self, method: str, path: str, body: object = None) -> bytes:
        content = b"" if body is None else orjson.dumps(body)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.product.port}\r\n"
            f"Authorization: {self.authorization}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    def _of_shop(self, method: str, path: str, body: object = None) -> bytes:
        return self._request(method, f"/v1/shops/{self.shop.slug}{path}", body)

    def _upsert(self) -> bytes:
        self.last = upsert_of(uuid4().hex)
        return self._of_shop("PUT", "/orders", self.last)

    def _same(self) -> bytes:
        return (
            self._of_shop("PUT", "/orders", self.last) if hasattr(self, "last") else self._upsert()
        )

    def _scan(self) -> bytes:
        self.now += timedelta(milliseconds=1)
        scan = {
            "event_name": "DEPARTURE_FROM_TRANSPORT_HUB",
            "event_time": self.now.isoformat(),
            "external_id": uuid4().hex,
        }
        return self._of_shop("POST", f"/shipments/{self.random.choice(self.parcels)}/events", scan)

    def _search(self) -> bytes:
        zip_code = self.random.choice(self.orders)[2].replace(" ", "%20")
        return self._of_shop("GET", f"/orders?zip_code={zip_code}&per_page=30")

    def _order(self) -> bytes:
        return self._of_shop("GET", f"/orders?order_number={self.random.choice(self.orders)[1]}")

    def _number(self) -> bytes:
        name = self.random.choice(("delivery_success_rate", "average_delivery_time", "claim_rate"))
        first = self.last_day - timedelta(days=self.random.choice((7, 30, 90)))
        asked = f"from={first}&to={self.last_day}&interval=day"
        return self._of_shop("GET", f"/analytics/{name}?{asked}")

    def _dashboard(self) -> bytes:
        first = self.last_day - timedelta(days=29)
        days = f"period=custom&from={first}&to={self.last_day}"
        path = f"/shops/{self.shop.slug}/analytics?{days}"
        return (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n"
            "Accept-Encoding: gzip\r\n\r\n"
        ).encode()

    def _page(self) -> bytes:
        token = tracking_token(self.shop.id, self.random.choice(self.orders)[0])
        return self._request("GET", f"/t/{token}")


def _session(shop: Shop) -> str:
    user, _ = User.objects.get_or_create(email="mixed@benchmarks.example")
    Membership.objects.get_or_create(shop=shop, user=user, defaults={"role": Role.ADMIN})
    return f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
