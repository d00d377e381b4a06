"""Scans, one a request and a thousand a request, each beside the fastest program for its rows."""

import os
import statistics
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import psycopg
from django.db import connection
from psycopg.types.json import Jsonb

from benchmarks.load import Measured, measure
from benchmarks.product import Product
from benchmarks.upsert import upsert_of
from common.ids import new_id
from intake.inputs import UpsertInput
from intake.upsert import upsert_orders
from karla_portal.embedded.services import postgres_url
from shipments.models import Shipment
from shops.models import Shop

ROUNDS = 3
SECONDS = 4.0
FLOOR_SECONDS = 2.0
FLOOR_PROCESSES = 4
SHIPMENTS = 4_000
AT_ONCE = 1_000
ENOUGH = 24_000
"""Requests prepared for a round; more than are answered in SECONDS."""
ENOUGH_BULKS = 150
NAME = "DEPARTURE_FROM_TRANSPORT_HUB"
TABLES = ("shipments_scan", "events_event")

_ticks = count()


def run(product: Product) -> None:
    dsn = os.environ.get("DATABASE_URL") or postgres_url(Path(os.environ["DATA_DIR"]))
    shipments = _make_shipments(product)
    measure(product.port, _requests(product, shipments, ENOUGH), connections=8, seconds=1)
    rows = written_rows(dsn, product.shop_id)
    floors: list[float] = []
    copied: list[float] = []
    singly: dict[int, list[Measured]] = defaultdict(list)
    bulks: list[Measured] = []
    for _ in range(ROUNDS):
        _settle(dsn)
        floors.append(_floor(dsn, rows, shipments))
        for connections in (1, 8):
            requests = _requests(product, shipments, ENOUGH)
            _settle(dsn)
            singly[connections].append(
                measure(product.port, requests, connections=connections, seconds=SECONDS)
            )
        _settle(dsn)
        copied.append(_copied_per_second(dsn, rows, shipments))
        requests = _bulks(product, shipments)
        _settle(dsn)
        bulks.append(measure(product.port, requests, connections=1, seconds=SECONDS))
    _report(floors, singly, copied, bulks)


def _make_shipments(product: Product) -> list[str]:
    shop = Shop.objects.get(id=product.shop_id)
    for _ in range(SHIPMENTS // 500):
        upserts = [UpsertInput.model_validate(upsert_of(uuid4().hex)) for _ in range(500)]
        upsert_orders(shop, dict(enumerate(upserts)))
    newest = Shipment.objects.of(shop).order_by("-id")[:SHIPMENTS]
    found = [str(shipment_id) for shipment_id in newest.values_list("id", flat=True)]
    connection.close()
    return found


def _scan() -> dict[str, Any]:
    """One that is newer than all before it, so that each is applied."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=next(_ticks))
    return {
        "event_name": NAME,
        "event_time": at.isoformat(),
        "external_id": uuid4().hex,
        "location": "Berlin",
    }


def _requests(product: Product, shipments: list[str], number: int) -> list[bytes]:
    return [
        product.request(
            "POST", f"/shipments/{shipments[n % len(shipments)]}/events", orjson.dumps(_scan())
        )
        for n in range(number)
    ]


def _bulks(product: Product, shipments: list[str]) -> list[bytes]:
    return [
        product.request(
            "POST",
            "/shipments/events",
            orjson.dumps(
                [
                    {**_scan(), "shipment_id": shipments[(n * AT_ONCE + k) % len(shipments)]}
                    for k in range(AT_ONCE)
                ]
            ),
        )
        for n in range(ENOUGH_BULKS)
    ]


# The floor: the rows of one scan as the product wrote them, under new ids.

Rows = dict[str, dict[str, Any]]


def written_rows(dsn: str, shop_id: str) -> Rows:
    """By table: the newest scan and its event, and the columns of its shipment that it moved."""
    found: Rows = {}
    with psycopg.connect(dsn, row_factory=psycopg.rows.dict_row) as database:
        scan = database.execute(
            "SELECT * FROM shipments_scan WHERE shop_id = %s ORDER BY id DESC LIMIT 1", [shop_id]
        ).fetchone()
        event = database.execute(
            "SELECT * FROM events_event WHERE shop_id = %s AND id = %s", [shop_id, scan["id"]]
        ).fetchone()
    found["shipments_scan"] = scan
    found["events_event"] = event
    return found


def _copies(rows: Rows, shipment: str) -> dict[str, list[Any]]:
    scan_id = new_id()
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=next(_ticks))
    new = {"id": scan_id, "shipment_id": shipment, "external_id": str(scan_id), "event_time": at}
    return {
        table: [
            Jsonb(value) if isinstance(value, dict) else value
            for value in ({**row, **{k: v for k, v in new.items() if k in row}}).values()
        ]
        for table, row in rows.items()
    }


def _floor(dsn: str, rows: Rows, shipments: list[str]) -> float:
    """Scans per second of the faster of two ways: statements, or the same in a pipeline."""
    rates = []
    context = get_context("fork")
    for pipelined in (False, True):
        with context.Pool(FLOOR_PROCESSES) as pool:
            shares = [shipments[start::FLOOR_PROCESSES] for start in range(FLOOR_PROCESSES)]
            rates.append(
                sum(pool.starmap(write, [(dsn, rows, share, pipelined) for share in shares]))
            )
    return max(rates)


def write(dsn: str, rows: Rows, shipments: list[str], pipelined: bool) -> float:
    """Scans per second of this process."""
    statements = {table: _insert(table, row) for table, row in rows.items()}
    moved = (
        "UPDATE shipments_shipment SET phase = %s, phase_since = %s, phase_scan_id = %s, "
        "last_scan_at = %s, flag = %s, updated_at = %s WHERE shop_id = %s AND id = %s"
    )
    scan = rows["shipments_scan"]
    with psycopg.connect(dsn, prepare_threshold=0) as database:
        cursor = database.cursor()
        done, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < FLOOR_SECONDS:
            shipment = shipments[done % len(shipments)]
            values = _copies(rows, shipment)
            at = datetime.now(UTC)
            moving = [scan["phase"], at, values["shipments_scan"][0], at, "normal", at]
            moving += [scan["shop_id"], shipment]
            if pipelined:
                with database.pipeline():
                    _execute(cursor, statements, values, moved, moving)
                    database.commit()
            else:
                _execute(cursor, statements, values, moved, moving)
                database.commit()
            done += 1
    return done / spent


def _execute(cursor, statements, values, moved, moving) -> None:  # type: ignore[no-untyped-def]
    for table, statement in statements.items():
        cursor.execute(statement, values[table])
    cursor.execute(moved, moving)


def _insert(table: str, row: dict[str, Any]) -> str:
    marks = ", ".join(["%s"] * len(row))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"


def _copied_per_second(dsn: str, rows: Rows, shipments: list[str]) -> float:
    """Scans and their events by COPY, a thousand a transaction; shipments are not touched."""
    spent, done = 0.0, 0
    with psycopg.connect(dsn) as database:
        while spent < FLOOR_SECONDS:
            new = [_copies(rows, shipments[n % len(shipments)]) for n in range(AT_ONCE)]
            began = time.perf_counter()
            for table in TABLES:
                with database.cursor().copy(
                    f"COPY {table} ({', '.join(rows[table])}) FROM STDIN"
                ) as copy:
                    for values in new:
                        copy.write_row(values[table])
            database.commit()
            spent += time.perf_counter() - began
            done += AT_ONCE
    return done / spent


def _settle(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as database:
        for table in (*TABLES, "shipments_shipment", "orders_order"):
            database.execute(f"VACUUM (ANALYZE) {table}")
        database.execute("CHECKPOINT")


def _report(
    floors: list[float],
    singly: dict[int, list[Measured]],
    copied: list[float],
    bulks: list[Measured],
) -> None:
    floor = statistics.median(floors)
    print(f"scans of {SHIPMENTS:,} shipments, medians of {ROUNDS} rounds")
    print(f"  psycopg, {FLOOR_PROCESSES} processes          {floor:9,.0f} scans/s  ← the floor")
    for connections, rounds in singly.items():
        rate = statistics.median(measured.rate for measured in rounds)
        p50 = statistics.median(measured.percentile(0.50) for measured in rounds)
        p99 = statistics.median(measured.percentile(0.99) for measured in rounds)
        print(
            f"  POST, {connections} connection{'s' if connections > 1 else ' '}"
            f"           {rate:9,.0f} scans/s   p50 {p50:5.1f} ms  p99 {p99:5.1f} ms"
            f"   {rate / floor:.2f} of the floor"
        )
    copy = statistics.median(copied)
    rate = statistics.median(measured.rate for measured in bulks) * AT_ONCE
    print(
        f"  psycopg, COPY, 1 process       {copy:9,.0f} scans/s  ← the floor of {AT_ONCE:,} a call"
    )
    ratio = f"{rate / copy:.2f} of the floor"
    print(f"  POST {AT_ONCE:,} a call, 1 connection {rate:7,.0f} scans/s   {ratio}")
