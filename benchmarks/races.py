"""A minute of everything at once on the same orders: no answer may be a 500, no order end wrong.

Sixteen connections upsert, fulfil, patch, cancel, scan, attribute and search a few orders at a
time, singly and in bulks that overlap: each request meets others that change what it changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

import orjson
from django.db import connection
from django.db.models import Count

from benchmarks.load import Measured, measure
from benchmarks.product import Product
from benchmarks.upsert import upsert_of
from intake.inputs import MAX_ITEMS, UpsertInput
from intake.upsert import upsert_orders
from orders.models import Order
from orders.states import state_from_shipments
from shipments.models import Shipment
from shops.models import Shop

SECONDS = 60.0
CONNECTIONS = 16
ORDERS = 4_000
AT_A_TIME = 10
"""Orders that requests are about at one moment."""
REQUESTS_EACH = 12
"""Before the next order takes the place of the oldest of them."""
REFUSALS = (409, 422)
"""What a shop is told that is too late: the order is cancelled, or fulfilled already."""


@dataclass(frozen=True)
class _Target:
    number: str
    order_id: str
    shipment_id: str


def run(product: Product) -> None:
    shop = Shop.objects.get(id=product.shop_id)
    targets = _targets(shop)
    connection.close()
    requests = _Requests(product, targets).endless()
    measured = measure(
        product.port, requests, connections=CONNECTIONS, seconds=SECONDS, refusals=REFUSALS
    )
    wrong = _orders_in_a_wrong_state(shop, [target.order_id for target in targets])
    connection.close()
    if wrong:
        raise SystemExit(f"orders whose state is not what their shipments say: {wrong}")
    _report(measured)


def _targets(shop: Shop) -> list[_Target]:
    targets = []
    for _ in range(0, ORDERS, MAX_ITEMS):
        upserts = [{**upsert_of(uuid4().hex), "trackings": []} for _ in range(MAX_ITEMS)]
        items = [UpsertInput.model_validate(upsert) for upsert in upserts]
        written = upsert_orders(shop, dict(enumerate(items)))
        drafts = Shipment.objects.of(shop).filter(
            order_id__in=[order.order_id for order in written.values()]
        )
        shipment_ids = dict(drafts.values_list("order_id", "id"))
        targets += [
            _Target(order.order_number, str(order.order_id), str(shipment_ids[order.order_id]))
            for order in written.values()
        ]
    return targets


class _Requests:
    def __init__(self, product: Product, targets: Sequence[_Target]) -> None:
        self.product = product
        self.targets = targets
        self.random = Random(1)
        self.current: Sequence[_Target] = ()

    def endless(self) -> Iterator[bytes]:
        """The kinds of requests as they come in a shop's day, rare ones more often than there."""
        kinds = {
            self._upsert: 6,
            self._fulfilment: 6,
            self._bulk: 1,
            self._placement: 2,
            self._order_patch: 2,
            self._shipment_patch: 2,
            self._attribution: 1,
            self._cancellation: 1,
            self._scan: 3,
            self._order: 2,
            self._search: 2,
        }
        for number in count():
            start = number // REQUESTS_EACH % (len(self.targets) - AT_A_TIME)
            self.current = self.targets[start : start + AT_A_TIME]
            [make] = self.random.choices(list(kinds), list(kinds.values()))
            yield make()

    def _request(
        self, method: str, path: str, body: object, headers: dict[str, str] | None = None
    ) -> bytes:
        return self.product.request(method, path, orjson.dumps(body), headers or {})

    def _one(self) -> _Target:
        return self.random.choice(self.current)

    def _expected(self) -> int:
        return self.random.randint(1, 4)

    def _said(self, target: _Target) -> dict[str, Any]:
        """An upsert of the order as it may be at this moment, with a tracking or two."""
        said = upsert_of(target.number)
        said["order"] |= {
            "weight": self.random.randint(1, 3),
            "expected_number_of_shipments": self._expected(),
        }
        said["trackings"] = self._trackings()
        return said

    def _trackings(self) -> list[dict[str, str]]:
        numbers = self.random.choices("ABCDE", k=self.random.randint(0, 2))
        return [{"tracking_number": number} for number in numbers]

    def _upsert(self) -> bytes:
        return self._request("PUT", "/orders", self._said(self._one()))

    def _fulfilment(self) -> bytes:
        upsert = {"id": self._one().number, "trackings": self._trackings()}
        return self._request("PUT", "/orders", upsert)

    def _bulk(self) -> bytes:
        upserts = [self._said(target) for target in self.random.sample(self.current, AT_A_TIME)]
        upserts += [upsert_of(uuid4().hex), self._said(self._one())]
        handling = self.random.choice(("strict", "lenient"))
        return self._request("PUT", "/orders/bulk", upserts, {"Prefer": f"handling={handling}"})

    def _placement(self) -> bytes:
        """Half of them are sent again by somebody else, under the same key."""
        number = f"{self.current[0].number}-{self.random.randint(1, 4)}"
        order = upsert_of(number)["order"]
        return self._request("POST", "/orders", order, {"Idempotency-Key": number})

    def _order_patch(self) -> bytes:
        change = self.random.choice(
            (
                {"expected_number_of_shipments": self._expected()},
                {"address": {"zip_code": str(self.random.randint(10_000, 10_003))}},
            )
        )
        return self._request("PATCH", f"/orders/{self._one().order_id}", change)

    def _shipment_patch(self) -> bytes:
        target = self._one()
        change = self.random.choice(
            ({"tracking_url": f"https://carrier.example/{uuid4()}"}, {"products": [{"sku": "A"}]})
        )
        path = f"/orders/{target.order_id}/shipments/{target.shipment_id}"
        return self._request("PATCH", path, change)

    def _attribution(self) -> bytes:
        attribution = {"utm_campaign": f"campaign {self.random.randint(1, 3)}"}
        return self._request("PUT", f"/orders/{self._one().order_id}/analytics", attribution)

    def _cancellation(self) -> bytes:
        return self._request("POST", f"/orders/{self._one().order_id}/cancel", None)

    def _scan(self) -> bytes:
        scan = {
            "event_name": "DEPARTURE_FROM_TRANSPORT_HUB",
            "event_time": f"2026-01-01T00:00:{self.random.randint(10, 59)}Z",
            "external_id": str(self.random.randint(1, 20)),
        }
        return self._request("POST", f"/shipments/{self._one().shipment_id}/events", scan)

    def _order(self) -> bytes:
        return self.product.request("GET", f"/orders/{self._one().order_id}")

    def _search(self) -> bytes:
        return self.product.request("GET", "/orders?state=partially_fulfilled&per_page=10")


def _orders_in_a_wrong_state(shop: Shop, order_ids: Sequence[str]) -> list[str]:
    """Numbers of those that no order of the requests explains, at one moment."""
    numbers = "shipments__tracking_number"
    orders = Order.objects.of(shop).filter(id__in=order_ids)
    orders = orders.annotate(
        parcels=Count("shipments"),
        fulfilled=Count(numbers),
        different=Count(numbers, distinct=True),
    )
    return [order.order_number for order in orders if not _is_explained(order)]


def _is_explained(order: Any) -> bool:
    expected = order.expected_number_of_shipments
    if order.different != order.fulfilled or order.parcels != max(expected, order.fulfilled):
        return False
    if order.is_cancelled:
        return order.fulfilled == 0
    return order.state == state_from_shipments(fulfilled=order.fulfilled, expected=expected)


def _report(measured: Measured) -> None:
    statuses = ", ".join(
        f"{number:,} × {status}" for status, number in sorted(measured.statuses.items())
    )
    print(
        f"everything at once on the same orders, {CONNECTIONS} connections, {SECONDS:.0f} s\n"
        f"  {measured.rate:,.0f} requests/s   p50 {measured.percentile(0.50):.1f} ms"
        f"  p99 {measured.percentile(0.99):.1f} ms  longest {measured.percentile(1):.0f} ms\n"
        f"  {statuses}; no 500, every order in the state that its shipments say"
    )
