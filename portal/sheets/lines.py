"""Which lines of an order the rows of a file mean, and what they become.

An import adds lines and changes them; it takes none away. A row says which line it means by its
number, as long as that line is the same product; else by its SKU, its ids or its title. Without any
of them it is the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Invalid
from orders.models import OrderLine
from orders.rows import PRODUCT_COLUMNS
from portal.sheets.cells import Value
from portal.sheets.changes import Change
from portal.sheets.check import cell_check
from portal.sheets.columns import COLUMNS, LINE, LINE_COLUMNS, Column
from portal.sheets.reading import SaidRow
from portal.sheets.rows import line_value

IDS = ("sku", "variant_id", "product_id")
TOLD_BY = (*IDS, "title")

NO_LINE = 10**9
"""Beyond every number of a line."""

Product = dict[str, Any]


class LineUnknown(Invalid):
    """A row, whose number is `at`, means a line that its order does not have."""

    key = "line_unknown"

    def __init__(self, message: str, *, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(kw_only=True)
class MergedLines:
    products: list[Product] | None = None
    """As they are to be; None where none changes."""
    changes: list[Change] = field(default_factory=list)
    is_stale: bool = False
    """A line that the rows show was changed since they were exported."""


def merge_lines(rows: Sequence[SaidRow], kept: Sequence[OrderLine]) -> MergedLines:
    """Raises LineUnknown."""
    products = [{name: getattr(line, name) for name in PRODUCT_COLUMNS} for line in kept]
    rows = [row for row in rows if row.says_line]
    merged = MergedLines()
    places = _Places(rows, products).places
    for row in sorted(
        (row for row in rows if row.number in places), key=lambda r: places[r.number]
    ):
        at = places[row.number]
        if at == len(products):
            products.append({"position": at, **_written(row, {})})
            merged.changes.append(Change(what=_("product %d (new)") % (at + 1)))
            continue
        product = products[at]
        merged.is_stale |= any(_is_stale(row, product, column) for column in LINE_COLUMNS)
        written = _written(row, product)
        merged.changes += [_change(row, product, name, written[name]) for name in written]
        products[at] = product | written
    merged.is_stale |= any(row.number not in places for row in rows)
    if merged.changes:
        merged.products = [{k: v for k, v in p.items() if k != "position"} for p in products]
    return merged


class _Places:
    """With each row's number the place of its line; new lines follow those that there are.

    An exported row that was not edited may have none: its line is gone, and nothing is said of it.
    """

    def __init__(self, rows: Sequence[SaidRow], products: Sequence[Product]) -> None:
        self.products = products
        self.end = len(products)
        self.places: dict[int, int] = {}
        self.taken: set[int] = set()
        self.exported = [row for row in rows if row.is_exported_line]
        for row in sorted(self.exported, key=_edits_line):
            self._place_exported(row)
        others = [row for row in rows if not row.is_exported_line]
        for row in sorted(others, key=_line_of):
            if _line_of(row) != NO_LINE:
                self._place_numbered(row)
        for row in sorted(others, key=lambda row: _told_by(row) is None):
            if row.number not in self.places:
                at = _told(row, self._free(), self.products)
                self._put(row, self.end if at is None else at)

    def _place_exported(self, row: SaidRow) -> None:
        """Where its product stands now; of several of the same, in their order."""
        fitting = [at for at, product in enumerate(self.products) if _fits(row, product)]
        alike = sorted({_line_of(one) for one in self.exported if _same_product(one, row)})
        at: int | None = None
        if len(fitting) == len(alike):
            at = fitting[alike.index(_line_of(row))]
        elif len(fitting) > len(alike) and _line_of(row) - 1 in fitting:
            at = _line_of(row) - 1
        if at is not None and at not in self.taken:
            self._put(row, at)
        elif _edits_line(row):
            raise _not_that_line(row) if at is None else _no_line(row)

    def _place_numbered(self, row: SaidRow) -> None:
        at, free = _line_of(row) - 1, self._free()
        if at in free and _fits(row, self.products[at]):
            return self._put(row, at)
        fitting = [one for one in free if _fits(row, self.products[one])]
        if len(fitting) == 1 and _told_by(row) is not None:
            return self._put(row, fitting[0])
        if at == self.end:
            return self._put(row, at)
        raise _not_that_line(row) if at in free else _no_line(row)

    def _put(self, row: SaidRow, at: int) -> None:
        self.places[row.number] = at
        self.taken.add(at)
        self.end = max(self.end, at + 1)

    def _free(self) -> list[int]:
        return [at for at in range(len(self.products)) if at not in self.taken]


def _no_line(row: SaidRow) -> LineUnknown:
    return LineUnknown(
        _(
            "There is no line %d, or another row is that line. "
            "Leave the cell empty to add a product."
        )
        % _line_of(row),
        at=row.number,
    )


def _not_that_line(row: SaidRow) -> LineUnknown:
    return LineUnknown(
        _(
            "Line %d of the order is another product now, and this one is not found for sure. "
            "Export the order again."
        )
        % _line_of(row),
        at=row.number,
    )


def _fits(row: SaidRow, product: Product) -> bool:
    """Whether nothing that tells products apart says otherwise; titles only where no id does."""
    stored = {key: _mark(key, line_value(product, COLUMNS[key])) for key in TOLD_BY}
    known = [key for key in TOLD_BY if stored[key] and _marks(row, key)]
    ids = [key for key in known if key in IDS]
    return all(stored[key] in _marks(row, key) for key in ids or known)


def _same_product(one: SaidRow, other: SaidRow) -> bool:
    return all(_marks(one, key) == _marks(other, key) for key in TOLD_BY)


def _marks(row: SaidRow, key: str) -> set[str]:
    """The sums of what it says and what it was exported with: the edit may be stored already."""
    marks = {_mark(key, row.values.get(key))}
    if row.is_exported_line and row.exported[key] != cell_check(COLUMNS[key], None):
        marks.add(row.exported[key])
    return marks - {""}


def _mark(key: str, value: Value | None) -> str:
    return "" if value is None else cell_check(COLUMNS[key], value)


def _edits_line(row: SaidRow) -> bool:
    return any(row.is_edited(column) for column in LINE_COLUMNS)


def _is_stale(row: SaidRow, product: Product, column: Column) -> bool:
    if column is LINE or not row.is_exported_line:
        return False
    return row.was_other(column, line_value(product, column))


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
        and (row.is_edited(column) or not row.is_exported_line)
        and line_value(product, column) != row.values[column.key]
    }


def _change(row: SaidRow, product: Product, name: str, after: Value) -> Change:
    column = next(column for column in LINE_COLUMNS if column.field == name)
    what = {"column": column.label, "number": product["position"] + 1}
    return Change(
        what=_("%(column)s of product %(number)d") % what,
        before=line_value(product, column),
        after=after,
        is_stale=_is_stale(row, product, column),
    )
