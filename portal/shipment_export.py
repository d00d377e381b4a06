"""Exactly the filtered shipments as CSV, in constant memory however many they are.

Rows are read and sent batch by batch, each by one query that begins after the last row of the one
before. No transaction stays open meanwhile: a slow download holds back nothing in the database.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import DataError, transaction
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.api.paging import Cursor
from common.replicas.reading import from_any, reading_alias, reading_connection
from common.spreadsheets import plain_cell
from portal.access import ShopRequest, shop_page
from portal.downloads import BYTE_ORDER_MARK, csv_download
from portal.paging import Sorting
from portal.shipment_filters import ShipmentFilters
from shipments.carriers import carrier_name, carrier_url
from shipments.models import ShipmentQuerySet
from shipments.phases import COARSE_STATES
from shops.models import Shop

BATCH = 2_000
_ADDRESS = ("name", "zip_code", "city", "country_code")
_TIMES = (
    "order__order_placed_at",
    "tracking_placed_at",
    "last_scan_at",
    "delivered_at",
    "arrival_start",
    "arrival_end",
    "created_at",
    "updated_at",
)

COLUMNS = (
    "tracking_number",
    "carrier_reference",
    "carrier",
    "phase",
    "state",
    "flag",
    "direction",
    "order_number",
    "order_name",
    "order_placed_at",
    "name",
    "zip_code",
    "city",
    "country_code",
    "segments",
    "tracking_placed_at",
    "last_scan_at",
    "delivered_at",
    "arrival_start",
    "arrival_end",
    "tracking_url",
    "is_test",
    "created_at",
    "updated_at",
    "order_id",
    "shipment_id",
)


@require_safe
@shop_page()
def shipment_export(request: ShopRequest, shop: Shop) -> HttpResponseBase:
    """Newest first, whatever the list is sorted by; a question without sense shows it as such."""
    filters = ShipmentFilters(request.GET, shop=shop)
    if not filters.makes_sense:
        url = resolve_url("portal:shipments", slug=shop.slug)
        return redirect(f"{url}?{request.META['QUERY_STRING']}")
    day = timezone.localdate().isoformat()
    return csv_download(
        request,
        lambda: csv_lines(filters.found, filters.lasting_sorting, zone=shop.timezone),
        name=f"shipments-{shop.slug}-{day}",
    )


def csv_lines(shipments: ShipmentQuerySet, sorting: Sorting, *, zone: str) -> Iterator[str]:
    """The head, then the rows, some at a time; times are in `zone`, with their offset.

    In UTC where PostgreSQL does not know the zone: it has a list of its own, which may be older.
    """
    zone = zone if _knows_zone(zone) else "UTC"
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    yield BYTE_ORDER_MARK + buffer.getvalue()
    rows = sorting.sort(shipments.with_order())
    cursor: Cursor | None = None
    while True:
        following = sorting.after(rows, cursor) if cursor else rows
        read = following.values_list(*_READ, _as_text(sorting.by))[:BATCH]
        batch = from_any(partial(_in_zone, read, zone))
        buffer.seek(0)
        buffer.truncate()
        writer.writerows(map(_cells, batch))
        if batch:
            yield buffer.getvalue()
        if len(batch) < BATCH:
            return
        shipment_id, *_, at = batch[-1]
        cursor = Cursor(datetime.fromisoformat(at).astimezone(UTC), UUID(shipment_id))


def _in_zone(read: QuerySet[Any, tuple[Any, ...]], zone: str) -> list[tuple[Any, ...]]:
    """What is read, with PostgreSQL writing the times; that is far quicker than to do it here."""
    with transaction.atomic(using=reading_alias()):
        _set_zone(zone)
        return list(read)


def _knows_zone(zone: str) -> bool:
    try:
        with transaction.atomic(using=reading_alias()):
            _set_zone(zone)
    except DataError:
        return False
    return True


def _set_zone(zone: str) -> None:
    """Until the transaction ends."""
    with reading_connection().cursor() as cursor:
        cursor.execute("SELECT set_config('timezone', %s, true)", [zone])


def _as_text(column: str) -> Cast:
    return Cast(column, TextField())


def _written(column: str) -> Func:
    """A time as ISO 8601 has it, to the second."""
    form = Value('YYYY-MM-DD"T"HH24:MI:SSTZH:TZM')
    return Func(F(column), form, function="to_char", output_field=TextField())


_READ: tuple[str | Combinable, ...] = (
    _as_text("id"),
    _as_text("order_id"),
    "tracking_number",
    "carrier_reference",
    "tracking_company",
    "tracking_url",
    "phase",
    "flag",
    "direction",
    "order__order_number",
    "order__order_name",
    "order__segments",
    *(KeyTextTransform(name, "order__address") for name in _ADDRESS),
    "is_test",
    *(_written(column) for column in _TIMES),
)
"""Columns of one row of a batch; `_cells` takes them apart in this order."""


def _cells(row: tuple[Any, ...]) -> tuple[str | None, ...]:
    """In the order of COLUMNS."""
    (
        shipment_id,
        order_id,
        number,
        reference,
        company,
        url,
        phase,
        flag,
        direction,
        order_number,
        order_name,
        segments,
        name,
        zip_code,
        city,
        country,
        is_test,
        placed,
        sent,
        scanned,
        delivered,
        start,
        end,
        created,
        updated,
        _sorted_by,
    ) = row
    return (
        plain_cell(number),
        reference,
        plain_cell(carrier_name(reference) or company),
        phase,
        COARSE_STATES[phase].value,
        flag,
        direction,
        plain_cell(order_number),
        plain_cell(order_name),
        placed,
        plain_cell(name),
        plain_cell(zip_code),
        plain_cell(city),
        plain_cell(country),
        plain_cell("; ".join(segments)),
        sent,
        scanned,
        delivered,
        start,
        end,
        plain_cell(carrier_url(reference, number, said=url)),
        "yes" if is_test else "",
        created,
        updated,
        order_id,
        shipment_id,
    )
