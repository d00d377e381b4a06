"""What a check is: what must be so, how to see that it is not, and how to put it right.

A check never locks and never writes; `mend` does, through the services. Others write meanwhile, so
what looks wrong is only a suspicion, until it is seen again (`doctor.examination`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection

from shops.models import Shop

BATCH = 5_000
"""Rows that one statement looks at: a second at most, so that nobody waits for it."""

Mend = Callable[[Shop, Sequence[str]], int]
"""Puts right what these subjects are about; how many it took in hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something that is not as it must be."""

    subject: str
    """What it is about, by which it is known again: an id, mostly."""
    label: str
    """What people call that."""
    detail: str


class Check(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str:
        """What must be so."""

    @property
    def means(self) -> str:
        """What it means for people that it is not."""

    @property
    def advice(self) -> str: ...

    @property
    def mend(self) -> Mend | None: ...

    def look(self, shop: Shop) -> Iterator[Trouble]: ...

    def look_again(self, shop: Shop, subjects: Collection[str]) -> list[Trouble]: ...


@dataclass(frozen=True, kw_only=True)
class RowCheck:
    """Rows of one table, by a statement that selects (id, label, detail) of what is wrong.

    It is asked of a batch at a time, or of single rows: `{rows}` in it says of which. The table is
    walked from its newest row along an index that begins with the shop, then `moment` and the id.
    """

    name: str
    title: str
    means: str
    advice: str
    table: str
    moment: str
    statement: str
    values: Mapping[str, Any] = field(default_factory=dict)
    known_now: Callable[[], Mapping[str, Any]] = dict
    """Values that are found out whenever the statement is asked."""
    mend: Mend | None = None

    def look(self, shop: Shop) -> Iterator[Trouble]:
        upper: tuple[Any, Any] = ("infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff")
        while upper is not None:
            lower = self._end_of_batch(shop, upper)
            moment, row_id = lower or ("-infinity", "00000000-0000-0000-0000-000000000000")
            yield from self._ask(
                _BETWEEN.format(moment=self.moment),
                {
                    "shop": shop.id,
                    "until": upper[0],
                    "until_id": upper[1],
                    "since": moment,
                    "since_id": row_id,
                },
            )
            if lower is None:
                return
            upper = lower

    def look_again(self, shop: Shop, subjects: Collection[str]) -> list[Trouble]:
        return list(self._ask(_THESE, {"shop": shop.id, "ids": list(subjects)}))

    def _end_of_batch(self, shop: Shop, upper: tuple[Any, Any]) -> tuple[Any, Any] | None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self.moment}, id FROM {self.table} WHERE shop_id = %s"
                f" AND ({self.moment}, id) < (%s::timestamptz, %s::uuid)"
                f" ORDER BY {self.moment} DESC, id DESC OFFSET {BATCH - 1} LIMIT 1",
                [shop.id, *upper],
            )
            end: tuple[Any, Any] | None = cursor.fetchone()
        return end

    def _ask(self, rows: str, values: Mapping[str, Any]) -> Iterator[Trouble]:
        with connection.cursor() as cursor:
            known = {**self.values, **self.known_now(), **values}
            cursor.execute(self.statement.format(rows=rows), known)
            found = cursor.fetchall()
        for subject, label, detail in found:
            yield Trouble(subject=str(subject), label=str(label), detail=detail)


@dataclass(frozen=True, kw_only=True)
class ShopCheck:
    """A question about a shop as a whole, cheap enough to be asked twice."""

    name: str
    title: str
    means: str
    advice: str
    ask: Callable[[Shop], Iterable[Trouble]]
    mend: Mend | None = None

    def look(self, shop: Shop) -> Iterator[Trouble]:
        yield from self.ask(shop)

    def look_again(self, shop: Shop, subjects: Collection[str]) -> list[Trouble]:
        return [trouble for trouble in self.ask(shop) if trouble.subject in set(subjects)]


@dataclass(frozen=True, kw_only=True)
class InstallationCheck:
    """A question about the installation, not about any shop."""

    name: str
    title: str
    means: str
    advice: str
    ask: Callable[[], Iterable[Trouble]]
    mend: Callable[[Sequence[str]], int] | None = None


_BETWEEN = (
    "it.shop_id = %(shop)s AND (it.{moment}, it.id) < (%(until)s::timestamptz, %(until_id)s::uuid)"
    " AND (it.{moment}, it.id) >= (%(since)s::timestamptz, %(since_id)s::uuid)"
    # Says the same: of this the planner knows how few rows they are.
    " AND it.{moment} BETWEEN %(since)s::timestamptz AND %(until)s::timestamptz"
)
_THESE = "it.shop_id = %(shop)s AND it.id = ANY(%(ids)s::uuid[])"
