"""Keeping an uploaded file, saying what its columns are, and forgetting it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.trace import current_trace
from jobs.models import Job
from portal.sheets.columns import COLUMNS, ORDER_NUMBER
from portal.sheets.files import refuse_at_sight
from portal.sheets.models import OrderImport
from shops.models import Shop

KEPT_FOR = timedelta(days=30)
UNREAD_FOR = timedelta(days=1)
"""Reading was stopped, or broke off."""


class ColumnsRefused(Invalid):
    """The columns cannot be imported as they were matched."""

    key = "columns_refused"


def keep_file(shop: Shop, file: BinaryIO, *, name: str, size: int) -> OrderImport:
    """To be read by a job. Raises what is seen at once to refuse it (`portal.sheets.files`)."""
    refuse_at_sight(file, size)
    return OrderImport.objects.create(
        shop=shop,
        file_name=name.replace("\x00", "")[-255:],
        actor=current_trace().actor,
        content=file.read(),
    )


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
    """With the customers' data in their rows, after KEPT_FOR, unread ones sooner; how many."""
    now = timezone.now()
    old = OrderImport.objects.filter(
        Q(created_at__lt=now - KEPT_FOR) | Q(created_at__lt=now - UNREAD_FOR, total=0)
    )
    return old.defer("content").delete()[1].get("sheets.OrderImport", 0)


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
