"""One upsert that creates an order (three lines, one tracking), over HTTP, beside its floor."""

import os
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from benchmarks.floor import measure_floor, settle, template
from benchmarks.load import Measured, measure
from benchmarks.product import Product
from karla_portal.embedded.services import postgres_url
from tests.documented_order import PRODUCT, documented_order

ROUNDS = 3
SECONDS = 4.0
FLOOR_SECONDS = 2.0
FLOOR_PROCESSES = 4
ENOUGH = 20_000
"""Requests prepared for a round; more than are answered in SECONDS."""


def run(product: Product) -> None:
    dsn = os.environ.get("DATABASE_URL") or postgres_url(Path(os.environ["DATA_DIR"]))
    measure(product.port, _requests(product, ENOUGH), connections=8, seconds=1)
    copied = template(dsn, product.shop_id)
    floors: dict[str, list[float]] = defaultdict(list)
    over_http: dict[int, list[Measured]] = defaultdict(list)
    for _ in range(ROUNDS):
        found = measure_floor(dsn, copied, processes=FLOOR_PROCESSES, seconds=FLOOR_SECONDS)
        for way, rate in found.items():
            floors[way].append(rate)
        for connections in (1, 8):
            requests = _requests(product, ENOUGH)
            settle(dsn)
            over_http[connections].append(
                measure(product.port, requests, connections=connections, seconds=SECONDS)
            )
    _report(floors, over_http)


def _requests(product: Product, count: int) -> list[bytes]:
    return [
        product.request("PUT", "/orders", orjson.dumps(upsert_of(uuid4().hex)))
        for _ in range(count)
    ]


def upsert_of(number: str) -> dict[str, Any]:
    """The documented order with three lines and a tracking."""
    products = [{**PRODUCT, "sku": sku, "title": f"Product {sku}"} for sku in "ABC"]
    order = documented_order(order_number=number, external_id=number, products=products)
    tracking = {"tracking_number": "123456", "tracking_company": "Carrier Name"}
    return {"id": number, "order": order, "trackings": [tracking]}


def _report(floors: dict[str, list[float]], over_http: dict[int, list[Measured]]) -> None:
    medians = {way: statistics.median(rates) for way, rates in floors.items()}
    fastest = max(medians, key=lambda way: medians[way])
    floor = medians[fastest]
    print(f"upsert (an order with 3 lines and 1 tracking), medians of {ROUNDS} rounds")
    for way, rate in medians.items():
        note = "  ← the floor" if way == fastest else ""
        print(f"  psycopg, {way:<10} {FLOOR_PROCESSES} processes {rate:8,.0f} orders/s{note}")
    for connections, rounds in over_http.items():
        rate = statistics.median(measured.rate for measured in rounds)
        p50 = statistics.median(measured.percentile(0.50) for measured in rounds)
        p99 = statistics.median(measured.percentile(0.99) for measured in rounds)
        print(
            f"  PUT, {connections} connection{'s' if connections > 1 else ' '}"
            f" {rate:17,.0f} orders/s   p50 {p50:5.1f} ms  p99 {p99:5.1f} ms"
            f"   {rate / floor:.2f} of the floor"
        )
