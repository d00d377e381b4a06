"""Which table keeps a subject's cells by the day, and which of its dimensions serves a question."""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version as version_of
from typing import Any

from analytics.models import ClaimDay, OrderDay, ParcelDay, RollupDay
from analytics.questions import Dimension
from analytics.subjects.claims import CLAIMS
from analytics.subjects.orders import ORDERS
from analytics.subjects.parcels import PARCELS
from analytics.subjects.subject import Subject

SUBJECTS: tuple[tuple[Subject, type[RollupDay]], ...] = (
    (ORDERS, OrderDay),
    (PARCELS, ParcelDay),
    (CLAIMS, ClaimDay),
)
_TABLES = {subject.name: model._meta.db_table for subject, model in SUBJECTS}

KEY_COLUMNS = ("key", "second_key")

Rollup = tuple[Dimension, ...]


def table_of(subject: Subject) -> str:
    """Empty for a subject that no rollup keeps."""
    return _TABLES.get(subject.name, "")


def name_of(rollup: Rollup) -> str:
    return ",".join(rollup)


def serving(subject: Subject, dimensions: Iterable[Dimension]) -> Rollup | None:
    """The rollup with all these dimensions and the fewest others; None where there is none.

    Over another dimension cells may be added up as long as no unit has several values of it.
    Every rollup is by currency, too.
    """
    asked = set(dimensions) - {Dimension.CURRENCY}
    able = [
        rollup
        for rollup in subject.rollups
        if asked <= set(rollup) and not (set(rollup) - asked) & subject.several
    ]
    return min(able, key=len, default=None)


def column_of(rollup: Rollup, dimension: Dimension) -> str:
    if dimension is Dimension.CURRENCY:
        return "currency"
    return KEY_COLUMNS[rollup.index(dimension)]


@lru_cache
def version() -> str:
    """Another one whenever what a cell is made of changes: rollups of another are not read."""
    said = json.dumps([*map(_defined, (subject for subject, _ in SUBJECTS)), _HOLIDAYS])
    return blake2b(said.encode(), digest_size=16).hexdigest()


_HOLIDAYS = version_of("holidays")


def _defined(subject: Subject) -> list[Any]:
    """The same in every process: sets have no order of their own."""
    return [
        subject.name,
        subject.units,
        subject.cells,
        subject.keys,
        sorted(subject.several),
        subject.rollups,
        subject.durations,
    ]
