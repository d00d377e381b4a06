"""Pages of a list that keep their place while new rows arrive.

A page is named by the row it begins after (`after`) or ends before (`before`), so reading on costs
the same on every page, and an address that was shared shows what it showed.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from common.api.paging import Cursor

PER_PAGE = 30
MOST_COUNTED = 1_000

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """The order of a list: by a column that holds times, then by id, both the same way."""

    by: str
    is_ascending: bool = False

    @property
    def reversed(self) -> "Sorting":
        return Sorting(by=self.by, is_ascending=not self.is_ascending)

    def sort(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        sign = "" if self.is_ascending else "-"
        return rows.order_by(f"{sign}{self.by}", f"{sign}id")

    def after(self, rows: QuerySet[Any], cursor: Cursor) -> QuerySet[Any]:
        beyond = "gt" if self.is_ascending else "lt"
        return rows.filter(
            Q(**{f"{self.by}__{beyond}": cursor.at})
            | Q(**{self.by: cursor.at, f"id__{beyond}": cursor.id}),
            **{f"{self.by}__{beyond}e": cursor.at},
        )

    def cursor(self, row: Any) -> Cursor:
        return Cursor(getattr(row, self.by), row.id)


NEWEST_ORDERS = Sorting(by="order_placed_at")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    rows: list[Row]
    previous: Cursor | None
    next: Cursor | None
    count: int
    """Of all that was found, up to one more than MOST_COUNTED."""

    @property
    def is_more_than_counted(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def most_counted(self) -> int:
        return MOST_COUNTED


def take_page(
    found: QuerySet[Row], sorting: Sorting, *, after: Cursor | None, before: Cursor | None
) -> Page[Row]:
    """The rows that follow `after` or precede `before`; without either, the first."""
    rows, is_first, is_last = (
        _preceding(found, sorting, before) if before else _following(found, sorting, after)
    )
    return Page(
        rows=rows,
        previous=None if is_first or not rows else sorting.cursor(rows[0]),
        next=None if is_last or not rows else sorting.cursor(rows[-1]),
        count=found.order_by()[: MOST_COUNTED + 1].count(),
    )


def _following(
    found: QuerySet[Row], sorting: Sorting, after: Cursor | None
) -> tuple[list[Row], bool, bool]:
    narrowed = sorting.after(found, after) if after else found
    rows = list(sorting.sort(narrowed)[: PER_PAGE + 1])
    return rows[:PER_PAGE], after is None, len(rows) <= PER_PAGE


def _preceding(
    found: QuerySet[Row], sorting: Sorting, before: Cursor
) -> tuple[list[Row], bool, bool]:
    backwards = sorting.reversed
    rows = list(backwards.sort(backwards.after(found, before))[: PER_PAGE + 1])
    if len(rows) <= PER_PAGE:
        return _following(found, sorting, None)
    return rows[:PER_PAGE][::-1], False, False
