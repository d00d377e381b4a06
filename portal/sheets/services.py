"""Keeping an uploaded file, saying what its columns are, and forgetting it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.ids import new_id
from common.rows import insert_rows
from common.trace import current_trace
from jobs.models import Job
from portal.sheets.columns import COLUMNS, ORDER_NUMBER
from portal.sheets.files import FileRefused, read_rows
from portal.sheets.matching import suggest_columns
from portal.sheets.models import ImportedRow, OrderImport
from shops.models import Shop

KEPT_FOR = timedelta(days=30)
PIECE = 1_000


class ColumnsRefused(Invalid):
    """The columns cannot be imported as they were matched."""

    key = "columns_refused"


@transaction.atomic
def keep_file(shop: Shop, file: BinaryIO, *, name: str, size: int) -> OrderImport:
    """Its rows, and what its headings suggest. Raises what refuses it (`portal.sheets.files`)."""
    rows = read_rows(file, size)
    _number, headings = next(rows, (0, []))
    if not headings:
        raise FileRefused(_("The file is empty."))
    order_import = OrderImport.objects.create(
        shop=shop,
        file_name=name.replace("\x00", "")[-255:],
        actor=current_trace().actor,
        headings=headings,
        columns=suggest_columns(headings),
        total=0,
    )
    while piece := list(islice(rows, PIECE)):
        order_import.total += len(piece)
        insert_rows(
            ImportedRow,
            [
                {
                    "id": new_id(),
                    "shop_id": shop.id,
                    "order_import_id": order_import.id,
                    "number": number,
                    "cells": cells,
                }
                for number, cells in piece
            ],
        )
    if not order_import.total:
        raise FileRefused(_("The file has headings, and no row below them."))
    order_import.save(update_fields=["total"])
    return order_import


@transaction.atomic
def match_columns(order_import: OrderImport, columns: Sequence[str]) -> None:
    """Say which column is which, and which rows are of one order. Raises ColumnsRefused."""
    chosen = [key for key in columns if key]
    if len(columns) != len(order_import.headings) or not COLUMNS.keys() >= set(chosen):
        raise ColumnsRefused(_("Say of each column what it is."))
    if ORDER_NUMBER.key not in chosen:
        raise ColumnsRefused(_("Say which column has the order numbers: orders are told by them."))
    twice = sorted({str(COLUMNS[key].label) for key in chosen if chosen.count(key) > 1})
    if twice:
        raise ColumnsRefused(_("Chosen for more than one column: %s.") % ", ".join(twice))
    order_import.columns = list(columns)
    order_import.job = None
    order_import.updated_at = timezone.now()
    order_import.save(update_fields=["columns", "job", "updated_at"])
    _group_rows(order_import, at=columns.index(ORDER_NUMBER.key) + 1)


def attach_job(order_import: OrderImport, job: Job) -> None:
    order_import.job = job
    order_import.save(update_fields=["job"])


def forget_old_imports() -> int:
    """With the customers' data in their rows, after KEPT_FOR; how many."""
    old = OrderImport.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[1].get("sheets.OrderImport", 0)


def _group_rows(order_import: OrderImport, *, at: int) -> None:
    """A row without an order number is by itself, and refused later."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sheets_importedrow AS row
            SET first = grouped.first, became = '', reason = ''
            FROM (
                SELECT id, min(number) OVER (
                    PARTITION BY coalesce(nullif(btrim(cells[%s]), ''), '#' || number)
                    ) AS first
                FROM sheets_importedrow
                WHERE shop_id = %s AND order_import_id = %s
            ) AS grouped
            WHERE row.shop_id = %s AND row.id = grouped.id
            """,
            [at, order_import.shop_id, order_import.id, order_import.shop_id],
        )
