"""Cells of a period: added up from the rollup, and read from the base tables where that is behind.

Which days are behind is said by the marks that every write leaves (`analytics.dirt`). All reads of
one `Reader` see the same snapshot of the database when they are made inside `snapshot()`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.answers import Amount
from analytics.dirt import Dirt, dirt_of
from analytics.models import DeliveryTarget
from analytics.questions import Dimension, Interval, Period
from analytics.statements import Asked, Statement, cells_statement, durations_statement
from analytics.subjects.subject import Subject
from analytics.targets import target_of
from common.replicas.reading import reading_connection
from common.statements import reading_cursor
from shops.models import Shop

Filters = Mapping[Dimension, str]


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one step of a series (None: of the whole period), one group and one currency."""

    start: date | None
    keys: tuple[str, ...]
    currency: str
    cells: dict[str, Amount]


@dataclass(frozen=True, slots=True)
class Durations:
    """How many units took so long, by bucket; of one group."""

    keys: tuple[str, ...]
    name: str
    counts: tuple[tuple[int, int], ...]
    """(bucket, units), the shortest first."""


@contextmanager
def snapshot() -> Iterator[None]:
    """Whatever is read inside is of one moment, however many statements it takes.

    Inside a transaction that is open already, it is as that one has it.
    """
    connection = reading_connection()
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Reader:
    """Reads each thing that several numbers need once."""

    def __init__(self, shop: Shop, dirt: Dirt | None = None) -> None:
        """`dirt`: of the shop as it is now, unless something else is said of it."""
        self.shop = shop
        self.now = timezone.now()
        self.dirt = dirt_of(shop) if dirt is None else dirt
        self._known: dict[Statement, list[tuple[Any, ...]]] = {}

    @cached_property
    def target(self) -> DeliveryTarget:
        return target_of(self.shop)

    def cells(
        self,
        subject: Subject,
        period: Period,
        *,
        interval: Interval | None = None,
        by: tuple[Dimension, ...] = (),
        filters: Filters,
    ) -> list[Row]:
        asked = Asked.of(
            self.shop, subject, period, self.dirt, by=by, filters=filters, now=self.now
        )
        statement = cells_statement(asked, interval)
        return [
            Row(
                start=start,
                keys=tuple(row[: len(by)]),
                currency=row[len(by)],
                cells=dict(zip(subject.cells, row[len(by) + 1 :], strict=True)),
            )
            for start, *row in self._rows(statement)
        ]

    def durations(
        self,
        subject: Subject,
        period: Period,
        *,
        by: tuple[Dimension, ...] = (),
        filters: Filters,
    ) -> list[Durations]:
        asked = Asked.of(
            self.shop, subject, period, self.dirt, by=by, filters=filters, now=self.now
        )
        statement = durations_statement(asked)
        found: defaultdict[tuple[tuple[str, ...], str], Counter[int]] = defaultdict(Counter)
        for *keys, name, bucket, units in self._rows(statement):
            found[tuple(keys), name][bucket] += units
        return [
            Durations(keys=keys, name=name, counts=tuple(sorted(counts.items())))
            for (keys, name), counts in found.items()
        ]

    def _rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        if statement not in self._known:
            with reading_cursor() as cursor:
                cursor.execute(statement.sql, statement.named())
                self._known[statement] = cursor.fetchall()
        return self._known[statement]
