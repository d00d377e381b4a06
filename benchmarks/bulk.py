"""A bulk of 500 new orders (three lines, one tracking each), beside COPY of the same rows."""

import os
import statistics
import time
from pathlib import Path
from uuid import uuid4

import orjson
import psycopg

from benchmarks.floor import TABLES, Template, settle, template
from benchmarks.load import measure
from benchmarks.product import Product
from benchmarks.upsert import upsert_of
from karla_portal.embedded.services import postgres_url

ORDERS = 500
ROUNDS = 5
SECONDS = 4.0
ENOUGH = 60
"""Bulks prepared for a round; more than are answered in SECONDS."""


def run(product: Product) -> None:
    dsn = os.environ.get("DATABASE_URL") or postgres_url(Path(os.environ["DATA_DIR"]))
    measure(product.port, _bulks(product, 20), connections=1, seconds=1)
    copied = template(dsn, product.shop_id)
    floors, rates, latencies = [], [], []
    for _ in range(ROUNDS):
        settle(dsn)
        floors.append(_copied_per_second(dsn, copied))
        bulks = _bulks(product, ENOUGH)
        settle(dsn)
        measured = measure(product.port, bulks, connections=1, seconds=SECONDS)
        rates.append(measured.rate * ORDERS)
        latencies.append(measured.percentile(0.5))
    floor, rate = statistics.median(floors), statistics.median(rates)
    print(f"bulk of {ORDERS} (3 lines and 1 tracking each), medians of {ROUNDS} rounds")
    print(f"  psycopg, COPY, 1 process   {floor:13,.0f} orders/s  ← the floor")
    print(
        f"  PUT bulk, 1 connection     {rate:13,.0f} orders/s"
        f"   p50 {statistics.median(latencies):5.0f} ms   {rate / floor:.2f} of the floor"
    )


def _bulks(product: Product, count: int) -> list[bytes]:
    return [
        product.request(
            "PUT", "/orders/bulk", orjson.dumps([upsert_of(uuid4().hex) for _ in range(ORDERS)])
        )
        for _ in range(count)
    ]


def _copied_per_second(dsn: str, copied: Template) -> float:
    """As many bulks as fit, each a transaction; making the rows is not counted."""
    spent, count = 0.0, 0
    with psycopg.connect(dsn) as connection:
        while spent < SECONDS / 2:
            orders = [copied.copied_rows(uuid4().hex) for _ in range(ORDERS)]
            began = time.perf_counter()
            for table in TABLES:
                columns = ", ".join(copied.columns[table])
                with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for order in orders:
                        for row in order[table]:
                            copy.write_row(row)
            connection.commit()
            spent += time.perf_counter() - began
            count += ORDERS
    return count / spent
