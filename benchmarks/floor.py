"""The floor: the fastest program that we can write that stores the very same rows with psycopg.

It copies the rows of one order as the product wrote them, under new ids and a new number, one
transaction an order. Three ways are tried: a statement per table, the same in a pipeline, and one
data-modifying CTE; all are prepared by the server. Nothing is checked, read or decided.
"""

import time
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from common.ids import new_id

TABLES = ("orders_order", "orders_orderline", "shipments_shipment", "events_event")


@dataclass(frozen=True)
class Template:
    """The rows of one order by table, and the columns that are copied."""

    columns: dict[str, list[str]]
    rows: dict[str, list[tuple[Any, ...]]]

    def copied_rows(self, number: str) -> dict[str, list[list[Any]]]:
        """A new order's rows by table, each in the order of the columns."""
        new_ids: dict[Any, UUID] = {}

        def copied(column: str, value: Any) -> Any:
            if column in ("id", "order_id", "shipment_id") and value is not None:
                return new_ids.setdefault(value, new_id())
            return number if column in ("order_number", "external_id") else value

        return {
            table: [
                [
                    copied(column, value)
                    for column, value in zip(self.columns[table], row, strict=True)
                ]
                for row in self.rows[table]
            ]
            for table in TABLES
        }

    def copies(self, number: str) -> dict[str, list[Any]]:
        """The same with each table's rows one after the other in one list."""
        rows = self.copied_rows(number)
        return {table: [value for row in rows[table] for value in row] for table in TABLES}


def template(dsn: str, shop_id: str) -> Template:
    """The newest order of the shop, as the product wrote it."""
    with psycopg.connect(dsn) as connection:
        columns, rows = {}, {}
        for table in TABLES:
            found = connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            ).fetchall()
            columns[table] = [name for name, _ in found]
            reference = "id" if table == "orders_order" else "order_id"
            kept = connection.execute(
                f"SELECT {', '.join(columns[table])} FROM {table} WHERE {reference} = "
                "(SELECT id FROM orders_order WHERE shop_id = %s ORDER BY id DESC LIMIT 1)",
                [shop_id],
            ).fetchall()
            is_json = [kind == "jsonb" for _, kind in found]
            rows[table] = [
                tuple(
                    Jsonb(value) if json and value is not None else value
                    for value, json in zip(row, is_json, strict=True)
                )
                for row in kept
            ]
    if empty := [table for table in TABLES if not rows[table]]:
        raise SystemExit(f"the newest order has no rows in {', '.join(empty)}")
    return Template(columns, rows)


def settle(dsn: str) -> None:
    """Pay what earlier writes have left to be done, so that no measurement pays for another."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")
        connection.execute("CHECKPOINT")


def measure_floor(
    dsn: str, copied: Template, *, processes: int, seconds: float
) -> dict[str, float]:
    """Orders per second of each way."""
    rates = {}
    for way in ("statements", "pipeline", "cte"):
        settle(dsn)
        rates[way] = _orders_per_second(way, dsn, copied, processes, seconds)
    return rates


def _orders_per_second(
    way: str, dsn: str, copied: Template, processes: int, seconds: float
) -> float:
    context = get_context("fork")
    with context.Pool(processes) as pool:
        counts = pool.starmap(_write, [(way, dsn, copied, seconds)] * processes)
    return sum(counts)


def _write(way: str, dsn: str, copied: Template, seconds: float) -> float:
    """Orders per second of one process."""
    run = uuid4().hex
    statements = {table: _insert(copied, table) for table in TABLES}
    whole = "WITH " + ", ".join(
        f"w{n} AS ({statements[table]} RETURNING 1)" for n, table in enumerate(TABLES[:-1])
    )
    whole += f" {statements[TABLES[-1]]}"
    with psycopg.connect(dsn, prepare_threshold=0, autocommit=way == "cte") as connection:
        cursor = connection.cursor()
        count, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds:
            values = copied.copies(f"{run}-{count}")
            if way == "cte":
                cursor.execute(whole, [value for table in TABLES for value in values[table]])
            elif way == "pipeline":
                with connection.pipeline():
                    for table in TABLES:
                        cursor.execute(statements[table], values[table])
                    connection.commit()
            else:
                for table in TABLES:
                    cursor.execute(statements[table], values[table])
                connection.commit()
            count += 1
    return count / spent


def _insert(copied: Template, table: str) -> str:
    columns = copied.columns[table]
    row = "(" + ", ".join(["%s"] * len(columns)) + ")"
    rows = ", ".join([row] * len(copied.rows[table]))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows}"
