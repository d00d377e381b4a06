"""What the rows of one order say, on top of what is stored: an upsert of what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from common.errors import Invalid
from common.fault_words import fault_words
from common.wire import faults_of
from orders.inputs import AddressInput, OrderInput
from orders.models import Order, OrderLine
from portal.sheets.cells import Value
from portal.sheets.columns import COLUMNS, ORDER_COLUMNS, ORDER_NUMBER, Column, Part
from portal.sheets.lines import merge_lines
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
    changed: list[str] = field(default_factory=list)
    """What differs from the stored order, as people call it."""


def merge(rows: Sequence[SaidRow], order: Order | None, kept: Sequence[OrderLine]) -> Merged:
    """Raises RowsRefused. Of an order that exists, rows that were not edited say nothing."""
    for row in rows:
        if row.faults:
            raise RowsRefused(" ".join(row.faults), at=row.number)
    number = rows[0].values.get(ORDER_NUMBER.key)
    if number is None:
        raise RowsRefused(_("The order number is missing."), at=rows[0].number)
    edited = [row for row in rows if row.is_edited or order is None]
    unedited = [row for row in rows if row not in edited]
    values = _agreed(edited, unedited)
    differing = [
        COLUMNS[key]
        for key, value in values.items()
        if order is None or order_value(order, COLUMNS[key]) != value
    ]
    products, changed_lines = merge_lines(edited, kept, unedited=unedited)
    if order is not None and not differing and products is None:
        return Merged(said=None)
    said = _said(values, differing, order)
    if products is not None:
        said["products"] = products
    try:
        checked = OrderInput.model_validate({**said, ORDER_NUMBER.key: number})
    except ValidationError as error:
        raise RowsRefused(" ".join(_sentences(error))) from error
    changed = [str(column.label) for column in differing]
    return Merged(said=checked, changed=[*changed, *changed_lines])


def _agreed(edited: Sequence[SaidRow], unedited: Sequence[SaidRow]) -> dict[str, Value]:
    """The order's own columns. Where edited rows disagree, what the unedited ones say is old."""
    agreed: dict[str, Value] = {}
    for column in ORDER_COLUMNS:
        said = _distinct(edited, column)
        if len(said) > 1:
            old = _distinct(unedited, column)
            said = [value for value in said if value not in old]
        if len(said) > 1:
            raise RowsRefused(
                _("The rows of this order say different things under “%s”: write the same in all.")
                % column.label
            )
        if said:
            agreed[column.key] = said[0]
    return agreed


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
