"""Searches among a million orders in fifty shops, by every filter, in the biggest of the shops.

Each is measured beside a constant answer of the same size (`benchmarks.constant`). The orders are
those of `manage.py seed`, written into the benchmarks' data folder the first time.
"""

import statistics
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection

from benchmarks.constant import constant_request
from benchmarks.load import Measured, measure
from benchmarks.product import Product, authorize
from common.api.paging import DEFAULT_PER_PAGE, Cursor
from orders.models import Order
from orders.states import OrderState
from seeding.plan import first_slug
from seeding.shops import FIRST_NUMBER
from shipments.models import Shipment
from shops.models import Shop

ORDERS = 1_000_000
SHOPS = 50
SEED = 50
UNTIL = "2026-01-01"

ROUNDS = 3
SECONDS = 1.0
SAMPLED = 400
"""Orders whose values are searched for."""
FAR_PAGE = 1_000

Query = dict[str, Any]


def run(product: Product) -> None:
    seed = f"seed --orders {ORDERS} --shops {SHOPS} --seed {SEED} --until {UNTIL} --verbosity 0"
    call_command(*seed.split())
    shop = Shop.objects.select_related("organization").get(slug=first_slug(SEED))
    product = replace(product, slug=shop.slug, authorization=authorize(shop))
    orders = Order.objects.of(shop).count()
    searches = _searches(shop, orders)
    connection.close()
    print(
        f"search of {DEFAULT_PER_PAGE} of {orders:,} orders, of {ORDERS:,} in {SHOPS} shops; "
        f"medians of {ROUNDS} rounds, ratios to a constant answer of the size"
    )
    print(f"  {'':<34}   KB {'1 connection: /s   p50   p99  ratio':>36} {'8 connections':>36}")
    for name, queries in searches.items():
        requests = [product.request("GET", f"/orders?{urlencode(query)}") for query in queries]
        beside = [_beside_constants(product, requests, connections) for connections in (1, 8)]
        print(f"  {name:<34} {beside[0].size / 1000:4.0f} {beside[0]} {beside[1]}")


def _searches(shop: Shop, orders: int) -> dict[str, list[Query]]:
    """By name what is asked for, with values of orders from all over the year."""
    sampled = _sampled(shop, orders)
    newest = sampled[-1]["order_placed_at"]
    trackings = Shipment.objects.of(shop).fulfilled()
    trackings = trackings.filter(order_id__in=[order["id"] for order in sampled])

    def each(name: str, column: str | None = None) -> list[Query]:
        return [{name: order[column or name]} for order in sampled]

    return {
        "everything": [{}],
        f"page {FAR_PAGE:,} by its cursor": [{"cursor": _cursor_to(shop, FAR_PAGE)}],
        f"page {FAR_PAGE:,} by its number": [{"page": FAR_PAGE}],
        "order_number": each("order_number"),
        "external_id": each("external_id"),
        "order_name": each("order_name"),
        "uuid": each("uuid", "id"),
        "email_id": each("email_id"),
        "zip_code": each("zip_code"),
        "order_placed_from": each("order_placed_from", "order_placed_at"),
        "order_placed_to": each("order_placed_to", "order_placed_at"),
        "shipment_updated_since": each("shipment_updated_since", "order_placed_at"),
        "shipment_updated_since, last hours": [
            {"shipment_updated_since": newest - timedelta(hours=hours)} for hours in range(24)
        ],
        "state": [{"state": state} for state in OrderState.values],
        "segment": [{"segment": segment} for segment in ("new", "returning", "high-value")],
        "segment of nobody": [{"segment": "nobody"}],
        "tracking_number": [
            {"tracking_number": number}
            for number in trackings.values_list("tracking_number", flat=True)
        ],
        "zip_code, state, segment, a month": [
            {
                "zip_code": order["zip_code"],
                "state": OrderState.FULFILLED,
                "segment": order["segments"][0],
                "order_placed_from": order["order_placed_at"] - timedelta(days=30),
                "order_placed_to": order["order_placed_at"],
            }
            for order in sampled
        ],
    }


def _sampled(shop: Shop, orders: int) -> list[dict[str, Any]]:
    """Oldest first."""
    places = range(0, orders, max(1, orders // SAMPLED))
    numbers = [str(FIRST_NUMBER + place) for place in places]
    rows = Order.objects.of(shop).filter(order_number__in=numbers).order_by("order_placed_at")
    return list(
        rows.values(
            *("id", "order_number", "external_id", "order_name", "email_id"),
            *("zip_code", "order_placed_at", "segments"),
        )
    )


def _cursor_to(shop: Shop, page: int) -> str:
    """As the page before it gives it."""
    newest = Order.objects.of(shop).order_by("-order_placed_at", "-id")
    last = newest[(page - 1) * DEFAULT_PER_PAGE - 1]
    return Cursor(last.order_placed_at, last.id).encode()


@dataclass
class _Beside:
    """Searches and, in turn with them, constant answers of their mean size."""

    searches: list[Measured] = field(default_factory=list)
    constants: list[Measured] = field(default_factory=list)
    size: int = 2

    def __str__(self) -> str:
        rate = statistics.median(one.rate for one in self.searches)
        constant = statistics.median(one.rate for one in self.constants)
        p50 = statistics.median(one.percentile(0.50) for one in self.searches)
        p99 = statistics.median(one.percentile(0.99) for one in self.searches)
        return f"{rate:18,.0f} {p50:5.1f} {p99:5.1f}  {rate / constant:.2f}"


def _beside_constants(product: Product, requests: list[bytes], connections: int) -> _Beside:
    def measured(requests: list[bytes]) -> Measured:
        return measure(product.port, cycle(requests), connections=connections, seconds=SECONDS)

    beside = _Beside()
    measured(requests)
    for _ in range(ROUNDS):
        searched = measured(requests)
        beside.size = max(2, searched.size // len(searched.latencies))
        beside.searches.append(searched)
        beside.constants.append(measured([constant_request(product, beside.size)]))
    return beside
