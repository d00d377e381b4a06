"""What the rows of one order say, on top of what is stored: an upsert of what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from common.errors import Invalid
from common.fault_words import fault_words
from common.wire import faults_of
from orders.inputs import AddressInput, OrderInput
from orders.models import Order, OrderLine
from portal.sheets.cells import Value
from portal.sheets.changes import Change
from portal.sheets.columns import COLUMNS, ORDER_COLUMNS, ORDER_NUMBER, Column, Part
from portal.sheets.lines import LineUnknown, merge_lines
from portal.sheets.reading import SaidRow
from portal.sheets.rows import order_value


class RowsRefused(Invalid):
    """What the rows say makes no order; `at` names the row, or 0 for all of them."""

    key = "rows_refused"

    def __init__(self, message: str, *, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


@dataclass(kw_only=True)
class Merged:
    """`said` is None where nothing differs."""

    said: OrderInput | None
    changes: list[Change] = field(default_factory=list)
    """What differs from the stored order."""
    is_stale: bool = False
    """What the file shows of the order was changed since it was exported."""


def merge(rows: Sequence[SaidRow], order: Order | None, kept: Sequence[OrderLine]) -> Merged:
    """Raises RowsRefused, for all that is wrong at once. Of an order that exists, cells that were
    not edited say nothing.
    """
    unread = [row for row in rows if row.faults]
    if not unread:
        return _merge(rows, order, kept)
    faults = [(row.number, fault) for row in unread for fault in row.faults]
    try:
        _merge(rows, order, kept)
    except RowsRefused as further:
        faults.append((further.at, further.message))
    at = unread[0].number
    sentences = [fault if row in (0, at) else of_row(row, fault) for row, fault in faults]
    raise RowsRefused(" ".join(sentences), at=at)


def of_row(number: int, fault: str) -> str:
    return _("Row %(number)d: %(fault)s") % {"number": number, "fault": fault}


def _merge(rows: Sequence[SaidRow], order: Order | None, kept: Sequence[OrderLine]) -> Merged:
    number = rows[0].values.get(ORDER_NUMBER.key)
    if number is None:
        raise RowsRefused(_("The order number is missing."), at=rows[0].number)
    if order is None:
        rows = [replace(row, exported={}) for row in rows]
    values = _agreed(rows)
    stale = [column for column in ORDER_COLUMNS if order and _is_stale(rows, order, column)]
    differing = [
        COLUMNS[key]
        for key, value in values.items()
        if order is None or order_value(order, COLUMNS[key]) != value
    ]
    try:
        lines = merge_lines(rows, kept)
    except LineUnknown as unknown:
        raise RowsRefused(unknown.message, at=unknown.at) from unknown
    is_stale = bool(stale) or lines.is_stale
    if order is not None and not differing and lines.products is None:
        return Merged(said=None, is_stale=is_stale)
    said = _said(values, differing, order)
    if lines.products is not None:
        said["products"] = lines.products
    try:
        checked = OrderInput.model_validate({**said, ORDER_NUMBER.key: number})
    except ValidationError as error:
        raise RowsRefused(" ".join(_sentences(error))) from error
    changes = [
        Change(
            what=str(column.label),
            before=order_value(order, column) if order else None,
            after=values[column.key],
            is_stale=column in stale,
        )
        for column in differing
    ]
    return Merged(said=checked, changes=[*changes, *lines.changes], is_stale=is_stale)


def _agreed(rows: Sequence[SaidRow]) -> dict[str, Value]:
    """The order's own columns, edited in at least one row; what unedited cells say is old."""
    agreed: dict[str, Value] = {}
    for column in ORDER_COLUMNS:
        old = _distinct([row for row in rows if not row.is_edited(column)], column)
        edited = _distinct([row for row in rows if row.is_edited(column)], column)
        said = [value for value in edited if value not in old]
        if len(said) > 1:
            raise RowsRefused(
                _("The rows of this order say different things under “%s”: write the same in all.")
                % column.label
            )
        if said:
            agreed[column.key] = said[0]
    return agreed


def _is_stale(rows: Sequence[SaidRow], order: Order, column: Column) -> bool:
    now = order_value(order, column)
    return any(row.was_other(column, now) for row in rows)


def _distinct(rows: Sequence[SaidRow], column: Column) -> list[Value]:
    distinct: list[Value] = []
    for row in rows:
        value = row.values.get(column.key)
        if value is not None and value not in distinct:
            distinct.append(value)
    return distinct


def _said(
    values: dict[str, Value], differing: Sequence[Column], order: Order | None
) -> dict[str, Any]:
    """What differs, and the whole address: it is replaced as one."""
    said: dict[str, Any] = {
        column.field: values[column.key] for column in differing if column.part is Part.ORDER
    }
    written = {
        column.field: values[column.key] for column in differing if column.part is Part.ADDRESS
    }
    kept = order.address if order else {}
    said["address"] = {
        **{name: kept[name] for name in AddressInput.model_fields if name in kept},
        **written,
    }
    return said


def _sentences(error: ValidationError) -> list[str]:
    errors = error.errors()
    return [
        f"{_name(fault.loc)}: {fault_words(found)}."
        for found, fault in zip(errors, faults_of(errors), strict=True)
    ]


def _name(loc: Sequence[str | int]) -> str:
    """The column's label, of a path such as `products`, 0, `price`."""
    names = [str(part) for part in loc if isinstance(part, str)]
    parts = {"address": Part.ADDRESS, "products": Part.LINE}
    part = parts.get(names[0], Part.ORDER) if names else Part.ORDER
    for column in COLUMNS.values():
        if names and column.part is part and column.field == names[-1]:
            return str(column.label)
    return ".".join(names)
