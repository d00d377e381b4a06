"""Searches whose SQL is made once, and which each connection to PostgreSQL plans once.

Which filters are given and where the page begins decide the text of a statement; the values go in
as parameters. Django makes the text, of the same filters and pages as ever, with slots for values.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Expression, F, Func, Model

from common.api.paging import Cursor, Page
from common.api.queries import Asked, Filters, narrowed


@dataclass(frozen=True, slots=True)
class PreparedSearch:
    """A list of a shop's rows, newest first by the column `by`."""

    model: type[Model]
    filters: Filters
    by: str

    def page(
        self, asked: Asked, shop_id: UUID, *, among: list[UUID] | None = None
    ) -> tuple[str, list[Any]]:
        """SQL that selects the ids of a page and their places, and `more`: whether others follow.

        And what its parameters are, from $1 on, which is the shop. Other rows than `among` these
        ids are left out.
        """
        sql, parameters = self._statement(
            frozenset(asked.filters),
            replace(asked.page, cursor=_AFTER) if asked.page.cursor else asked.page,
            among is not None,
        )
        values = {"shop": shop_id, "among": among, **asked.filters}
        if asked.page.cursor:
            values |= {"after_at": asked.page.cursor.at, "after_id": asked.page.cursor.id}
        return sql, [values[one.name] if isinstance(one, _Slot) else one for one in parameters]

    @lru_cache(maxsize=1024)  # noqa: B019 - there are as many as lists, and they stay
    def _statement(
        self, given: frozenset[str], page: Page, is_among: bool
    ) -> tuple[str, list[Any]]:
        rows = self.model._default_manager.filter(shop=_Slot("shop"))
        if is_among:
            rows = rows.filter(AnyOf(F("id"), _Slot("among")))
        rows = narrowed(self.filters, rows, {name: _Slot(name) for name in sorted(given)})
        found = page.and_one_more(rows, by=self.by).values_list("id")
        sql, parameters = _numbered(*found.query.sql_with_params())
        return (
            "SELECT id, row_number() OVER () AS place, "
            f"count(*) OVER () > {page.size} AS more FROM ({sql}) AS page LIMIT {page.size}"
        ), parameters


class AnyOf(Func):
    """One of the items of an array. An index of the items is not used for it."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _Slot(Expression):
    """Stands for a value that the request will bring."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return "%s", [self]


_AFTER: Any = Cursor(_Slot("after_at"), _Slot("after_id"))  # type: ignore[arg-type]


def _numbered(sql: str, values: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """Django's SQL with PostgreSQL's own parameters, and each of these: a slot or a constant."""
    parameters: list[Any] = [_Slot("shop")]
    left = iter(values)

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if (value := next(left)) not in parameters:
            parameters.append(value)
        return f"${parameters.index(value) + 1}"

    return re.sub(r"%[%s]", number, sql), parameters
