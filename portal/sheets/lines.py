"""Which lines of an order the rows of a file mean, and what they become.

An import adds lines and changes them; it takes none away. A row says which line it means by its
number, else by its SKU, its product's id or its title; without any of them it is the next one.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Invalid
from orders.models import OrderLine
from orders.rows import PRODUCT_COLUMNS
from portal.sheets.columns import COLUMNS, LINE, LINE_COLUMNS
from portal.sheets.reading import SaidRow
from portal.sheets.rows import line_value

TOLD_BY = ("sku", "variant_id", "product_id", "title")

NO_LINE = 10**9
"""Beyond every number of a line."""

Product = dict[str, Any]


class LineUnknown(Invalid):
    """A row means a line that its order does not have."""

    key = "line_unknown"


def merge_lines(
    rows: Sequence[SaidRow], kept: Sequence[OrderLine], *, unedited: Sequence[SaidRow] = ()
) -> tuple[list[Product] | None, list[str]]:
    """The products as they are to be, None where none changes; what changed, as people call it."""
    products = [{name: getattr(line, name) for name in PRODUCT_COLUMNS} for line in kept]
    taken = {_line_of(row) - 1 for row in unedited}
    meant = _meant([row for row in rows if row.says_line], products, taken)
    changed = []
    for at, row in meant:
        if at == len(products):
            products.append({"position": at})
            changed.append(_("product %d (new)") % (at + 1))
            products[at] |= _written(row, {})
            continue
        written = _written(row, products[at])
        products[at] |= written
        changed += [
            _("%(column)s of product %(number)d") % {"column": _label(name), "number": at + 1}
            for name in written
        ]
    if not changed:
        return None, []
    return [{k: v for k, v in p.items() if k != "position"} for p in products], changed


def _meant(
    rows: Sequence[SaidRow], products: Sequence[Product], taken: set[int]
) -> list[tuple[int, SaidRow]]:
    """With each row the place of its line; new ones follow those that there are."""
    end = len(products)
    places: dict[int, int] = {}
    for row in sorted(rows, key=_line_of):
        if (line := _line_of(row)) == NO_LINE:
            continue
        if line - 1 in taken or not 1 <= line <= end + 1:
            raise LineUnknown(
                _(
                    "Row %(row)d: there is no line %(line)d, or another row is that line. "
                    "Leave the cell empty to add a product."
                )
                % {"row": row.number, "line": line}
            )
        places[row.number] = line - 1
        taken.add(line - 1)
        end = max(end, line)
    for row in sorted(rows, key=lambda row: _told_by(row) is None):
        if row.number not in places:
            free = [at for at in range(len(products)) if at not in taken]
            at = _told(row, free, products)
            places[row.number] = end if at is None else at
            end += at is None
            taken.add(places[row.number])
    return sorted(((places[row.number], row) for row in rows), key=lambda pair: pair[0])


def _line_of(row: SaidRow) -> int:
    line = row.values.get(LINE.key)
    return line if isinstance(line, int) else NO_LINE


def _told_by(row: SaidRow) -> str | None:
    return next((key for key in TOLD_BY if key in row.values), None)


def _told(row: SaidRow, free: Sequence[int], products: Sequence[Product]) -> int | None:
    told_by = _told_by(row)
    if told_by is None:
        return free[0] if free else None
    return next((at for at in free if products[at][told_by] == row.values[told_by]), None)


def _written(row: SaidRow, product: Product) -> Product:
    """What the row says of its line and is not so already."""
    return {
        column.field: row.values[column.key]
        for column in LINE_COLUMNS
        if column is not LINE
        and column.key in row.values
        and line_value(product, column) != row.values[column.key]
    }


def _label(field: str) -> str:
    return str(next(c.label for c in COLUMNS.values() if c in LINE_COLUMNS and c.field == field))
