"""Importing orders from a file that was matched, a batch at a time; or only trying it.

A trial does everything that the import would do, and undoes it: nothing is left of it but what
became of each row.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.rows import update_rows
from intake.inputs import UpsertInput
from intake.upsert import upsert_orders_leniently
from intake.wave import Outcome as Fate
from intake.wave import Upserted
from jobs.kinds import Batch, Result
from jobs.models import Job, Outcome
from orders.lookup import Reference, ReferenceType, find_orders
from portal.sheets.changes import said_changes
from portal.sheets.columns import ORDER_NUMBER
from portal.sheets.merging import Merged, RowsRefused, merge, of_row
from portal.sheets.models import Became, ImportedRow, OrderImport
from portal.sheets.reading import SaidRow, read_row
from shipments.audit import orders_edited, record_made_orders
from shipments.selectors import lines_by_order
from shops.models import Shop
from shops.tenancy import ShopQuerySet

AT_ONCE = 100
"""Orders."""

Group = list[SaidRow]


class Judged:
    """What became of one order's rows."""

    def __init__(self, became: Became, message: str = "", *, at: int = 0) -> None:
        self.became = became
        self.message = message
        self.at = at


class ImportOrders:
    """`asked`: the `import`."""

    def __init__(self, *, is_trial: bool) -> None:
        self.is_trial = is_trial

    def count(self, job: Job) -> int:
        return _rows(job).values("first").distinct().count()

    def work(self, job: Job, place: str) -> Batch:
        order_import = OrderImport.objects.of(job.shop).get(id=job.asked["import"])
        firsts = list(
            _rows(job)
            .filter(first__gt=int(place or 0))
            .order_by("first")
            .values_list("first", flat=True)
            .distinct()[: AT_ONCE + 1]
        )
        rows = list(_rows(job).filter(first__in=firsts[:AT_ONCE]).order_by("first", "number"))
        zone = ZoneInfo(job.shop.timezone)
        groups = {
            first: [read_row(row, order_import.columns, zone=zone) for row in of_order]
            for first, of_order in groupby(rows, key=lambda row: row.first)
        }
        with transaction.atomic():
            judged = import_groups(job.shop, groups)
            transaction.set_rollback(self.is_trial)
        _note(rows, judged)
        results = [_result(groups[first], judged[first]) for first in groups]
        return Batch(
            results=results, place=str(firsts[AT_ONCE - 1]) if len(firsts) > AT_ONCE else ""
        )


def import_groups(shop: Shop, groups: Mapping[int, Group]) -> dict[int, Judged]:
    """Inside a transaction: the orders that are there already are locked, then changed."""
    judged: dict[int, Judged] = {}
    zone = ZoneInfo(shop.timezone)
    merged: dict[int, Merged] = {}
    numbers = {first: _number(group) for first, group in groups.items()}
    references = {first: Reference(ReferenceType.ORDER_NUMBER, n) for first, n in numbers.items()}
    known = find_orders(shop, references.values(), lock=True)
    lines = lines_by_order(shop, [order.id for order in known.all])
    for first, group in groups.items():
        order = known.one(references[first])
        try:
            merged[first] = merge(group, order, lines[order.id] if order else [])
        except RowsRefused as refusal:
            judged[first] = Judged(Became.REFUSED, refusal.message, at=refusal.at)
        except DomainError as refusal:
            judged[first] = Judged(Became.REFUSED, refusal.message)
    items = {
        first: UpsertInput(id=numbers[first], order=one.said, trackings=[])
        for first, one in merged.items()
        if one.said is not None
    }
    edited = [order for first in items if (order := known.one(references[first]))]
    with orders_edited(shop, edited):
        outcomes = upsert_orders_leniently(shop, items) if items else {}
    record_made_orders(
        shop,
        [
            one.order_id
            for one in outcomes.values()
            if isinstance(one, Upserted) and one.outcome is Fate.CREATED
        ],
    )
    for first, one in merged.items():
        judged[first] = _judge(outcomes.get(first), one, zone)
    return judged


def _judge(outcome: object, merged: Merged, zone: ZoneInfo) -> Judged:
    if isinstance(outcome, DomainError):
        return Judged(Became.REFUSED, outcome.message)
    match getattr(outcome, "outcome", Fate.UNCHANGED):
        case Fate.CREATED:
            return Judged(Became.CREATED)
        case Fate.UPDATED:
            changes = said_changes(merged.changes, is_stale=merged.is_stale, zone=zone)
            return Judged(Became.UPDATED, changes)
        case _:
            return Judged(Became.UNCHANGED)


def _rows(job: Job) -> ShopQuerySet[ImportedRow]:
    return ImportedRow.objects.of(job.shop).filter(order_import=job.asked["import"])


def _number(group: Group) -> str:
    return str(group[0].values.get(ORDER_NUMBER.key, ""))


def _note(rows: Sequence[ImportedRow], judged: Mapping[int, Judged]) -> None:
    """On each row of the file, for who mends the bad ones."""
    update_rows(
        ImportedRow,
        [
            {
                "id": row.id,
                "shop_id": row.shop_id,
                "became": judged[row.first].became,
                "reason": _reason(row, judged[row.first]),
            }
            for row in rows
        ],
    )


def _reason(row: ImportedRow, judged: Judged) -> str:
    if judged.became != Became.REFUSED:
        return ""
    if judged.at in (0, row.number):
        return judged.message
    return _("Refused with row %d, which is of the same order.") % judged.at


def _result(group: Group, judged: Judged) -> Result:
    subject = _number(group) or _("Row %d") % group[0].number
    match judged.became:
        case Became.CREATED:
            return Result(subject=subject, message=_("Created"))
        case Became.UPDATED:
            return Result(subject=subject, message=_("Updated: %s") % judged.message)
        case Became.UNCHANGED:
            return Result(subject=subject, outcome=Outcome.SKIPPED, message=_("Unchanged"))
        case _:
            is_named = judged.at == 0 or not _number(group)
            message = judged.message if is_named else of_row(judged.at, judged.message)
            return Result(subject=subject, outcome=Outcome.FAILED, message=message)
