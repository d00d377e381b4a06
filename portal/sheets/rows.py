"""Orders as rows of a spreadsheet: their values by the columns' keys."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from common.api.paging import Cursor
from common.replicas.reading import from_any
from orders.models import Order, OrderLine, OrderQuerySet
from portal.paging import NEWEST_ORDERS
from portal.sheets.cells import Value, write_cell
from portal.sheets.check import check_of
from portal.sheets.columns import LINE_COLUMNS, ORDER_COLUMNS, VALUES, Column, Part
from shipments.selectors import lines_by_order
from shops.models import Shop

BATCH = 500
"""Orders read at a time."""
HEAD = (*(column.key for column in VALUES), "state", "check")


def order_rows(shop: Shop, orders: OrderQuerySet) -> Iterator[list[list[str]]]:
    """The cells under HEAD, some rows at a time: newest orders first, one row for each line.

    Each batch is a query that begins after the last order of the one before; no transaction stays
    open meanwhile.
    """
    zone = ZoneInfo(shop.timezone)
    rows = NEWEST_ORDERS.sort(orders.defer("search_text", "order_analytics", "user_agent"))
    cursor: Cursor | None = None
    while True:
        following = NEWEST_ORDERS.after(rows, cursor) if cursor else rows
        batch, lines = from_any(partial(_read, shop, following[:BATCH]))
        if batch:
            yield [row for order in batch for row in _rows(order, lines[order.id], zone)]
        if len(batch) < BATCH:
            return
        cursor = NEWEST_ORDERS.cursor(batch[-1])


def _read(shop: Shop, rows: QuerySet[Any]) -> tuple[list[Order], dict[UUID, list[OrderLine]]]:
    orders = list(rows)
    return orders, lines_by_order(shop, [order.id for order in orders])


def order_value(order: Order, column: Column) -> Value | None:
    """As a cell of the column says it; empty texts and lists are None."""
    source = order.address if column.part is Part.ADDRESS else vars(order)
    return said_value(source.get(column.field))


def line_value(line: Any, column: Column) -> Value | None:
    """Of a line's columns: a dict or a row's `vars`. Lines are counted from 1."""
    value = said_value(line.get(column.field))
    return value + 1 if column.field == "position" and isinstance(value, int) else value


def said_value(stored: Any) -> Value | None:
    if isinstance(stored, datetime):
        return stored.replace(microsecond=0)
    value: Value | None = stored if stored not in ("", []) else None
    return value


def _rows(order: Order, lines: Sequence[OrderLine], zone: ZoneInfo) -> Iterator[list[str]]:
    own = {column.key: order_value(order, column) for column in ORDER_COLUMNS}
    cells = {key: write_cell(value, zone=zone) for key, value in own.items()}
    for stored in [vars(line) for line in lines] or [{}]:
        values = {column.key: line_value(stored, column) for column in LINE_COLUMNS}
        written = {**cells, **{k: write_cell(value, zone=zone) for k, value in values.items()}}
        check = check_of({**own, **values})
        yield [*(written[column.key] for column in VALUES), order.state, check]
