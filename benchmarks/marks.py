"""What writes pay for exact numbers: the same requests with the marking triggers and without.

The two take turns, round by round, and each round is compared with its neighbour.
"""

import os
import statistics
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import orjson
import psycopg

from benchmarks.bulk import ORDERS
from benchmarks.floor import settle
from benchmarks.load import Measured, measure
from benchmarks.product import Product
from benchmarks.upsert import upsert_of
from karla_portal.embedded.services import postgres_url

TABLES = (
    "orders_order",
    "shipments_shipment",
    "shipments_scan",
    "claims_claim",
    "engagement_rating",
    "engagement_pageaction",
    "campaigns_attribution",
)
ROUNDS = 15
SECONDS = 2.0
ENOUGH_UPSERTS = 8_000
ENOUGH_BULKS = 40


def run(product: Product) -> None:
    dsn = os.environ.get("DATABASE_URL") or postgres_url(Path(os.environ["DATA_DIR"]))
    print(f"what writes pay for marks, medians of {ROUNDS} pairs of rounds")
    _compare("upsert, 8 connections, orders/s", dsn, lambda: _upserts(product))
    _compare(f"bulk of {ORDERS}, orders/s", dsn, lambda: _bulks(product), each=ORDERS)


def _compare(name: str, dsn: str, once: Callable[[], Measured], *, each: int = 1) -> None:
    once()
    rates: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS):
        order = (True, False) if number % 2 else (False, True)
        for marks in order:
            _switch(dsn, on=marks)
            settle(dsn)
            rates[marks].append(once().rate * each)
    _switch(dsn, on=True)
    ratios = [on / off for on, off in zip(rates[True], rates[False], strict=True)]
    on, off = statistics.median(rates[True]), statistics.median(rates[False])
    print(
        f"  {name:<34} with {on:8,.0f}   without {off:8,.0f}"
        f"   cost {100 * (1 - statistics.median(ratios)):.1f} %"
    )


def _switch(dsn: str, *, on: bool) -> None:
    word = "ENABLE" if on else "DISABLE"
    with psycopg.connect(dsn) as database:
        for table in TABLES:
            for event in ("inserted", "updated", "deleted"):
                database.execute(f"ALTER TABLE {table} {word} TRIGGER analytics_{event}")


def _upserts(product: Product) -> Measured:
    requests = [
        product.request("PUT", "/orders", orjson.dumps(upsert_of(uuid4().hex)))
        for _ in range(ENOUGH_UPSERTS)
    ]
    return measure(product.port, requests, connections=8, seconds=SECONDS)


def _bulks(product: Product) -> Measured:
    requests = [
        product.request(
            "PUT", "/orders/bulk", orjson.dumps([upsert_of(uuid4().hex) for _ in range(ORDERS)])
        )
        for _ in range(ENOUGH_BULKS)
    ]
    return measure(product.port, requests, connections=1, seconds=SECONDS)
