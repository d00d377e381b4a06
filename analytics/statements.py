"""The SQL that adds cells up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.cohort import COHORT, Cohort
from analytics.questions import Dimension, Interval, Period
from analytics.subjects.subject import Subject
from shops.models import Shop


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    parameters: tuple[tuple[str, Any], ...]
    """Hashable, so that the same one is known again: lists are tuples."""

    def named(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.parameters
        }


def cells_statement(
    shop: Shop,
    subject: Subject,
    period: Period,
    *,
    interval: Interval | None,
    by: tuple[Dimension, ...],
    filters: Mapping[Dimension, str],
) -> Statement:
    """Columns: start of the step, keys in the order of `by`, currency, cells in their order."""
    units = units_of(subject, by, filters)
    start = start_of_step(interval)
    keys = "".join(f", key_{place}" for place in range(len(by)))
    cells = ", ".join(f"{sql} AS {name}" for name, sql in subject.cells.items())
    groups = ", ".join(str(place + 1) for place in range(len(by) + 2))
    sql = f"{units} SELECT {start}{keys}, currency, {cells} FROM units GROUP BY {groups}"
    return Statement(sql, parameters_of(shop, period, filters))


def durations_statement(
    shop: Shop,
    subject: Subject,
    period: Period,
    *,
    by: tuple[Dimension, ...],
    filters: Mapping[Dimension, str],
) -> Statement:
    """Columns: keys in the order of `by`, name of the duration, bucket, units."""
    units = units_of(subject, by, filters)
    keys = "".join(f"key_{place}, " for place in range(len(by)))
    values = ", ".join(f"('{name}', {sql})" for name, sql in subject.durations.items())
    groups = ", ".join(str(place + 1) for place in range(len(by) + 2))
    sql = (
        f"{units} SELECT {keys}name, bucket, count(*) FROM units"
        f" CROSS JOIN LATERAL (VALUES {values}) AS duration(name, bucket)"
        f" WHERE bucket IS NOT NULL GROUP BY {groups}"
    )
    return Statement(sql, parameters_of(shop, period, filters))


def units_of(subject: Subject, by: tuple[Dimension, ...], filters: Mapping[Dimension, str]) -> str:
    """`units` with a column for each key, narrowed by the filters.

    A unit with several values of a dimension is there once for each of them.
    """
    narrowed = " AND ".join(_is(subject, dimension) for dimension in filters) or "true"
    keys, joins = "", ""
    for place, dimension in enumerate(by):
        value = subject.keys[dimension]
        if dimension in subject.several:
            joins += f" CROSS JOIN LATERAL ({_each(value)}) AS by_{place}(value)"
            value = f"by_{place}.value"
        keys += f", {value} AS key_{place}"
    units = f"counted AS ({subject.units})" if by or filters else f"units AS ({subject.units})"
    if not by and not filters:
        return f"WITH {COHORT}, {units}"
    kept = " AND ".join(
        f"key_{place} = %({dimension})s"
        for place, dimension in enumerate(by)
        if dimension in filters
    )
    chosen = f"SELECT counted.*{keys} FROM counted{joins} WHERE {narrowed}"
    chosen = f"SELECT * FROM ({chosen}) AS chosen WHERE {kept}" if kept else chosen
    return f"WITH {COHORT}, {units}, units AS ({chosen})"


def parameters_of(
    shop: Shop, period: Period, filters: Mapping[Dimension, str]
) -> tuple[tuple[str, Any], ...]:
    named = Cohort(shop, (period,)).parameters()
    named |= {dimension.value: value for dimension, value in filters.items()}
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in named.items()
    )


def start_of_step(interval: Interval | None) -> str:
    if interval is None:
        return "NULL::date"
    return "day" if interval is Interval.DAY else f"date_trunc('{interval}', day)::date"


def _is(subject: Subject, dimension: Dimension) -> str:
    value = subject.keys[dimension]
    if dimension in subject.several:
        none = f"(%({dimension})s = '' AND cardinality({value}) = 0)"
        return f"(%({dimension})s = ANY({value}) OR {none})"
    return f"{value} = %({dimension})s"


def _each(value: str) -> str:
    """A unit without any value has one that is empty."""
    filled = f"CASE WHEN cardinality({value}) = 0 THEN ARRAY[''] ELSE {value} END"
    return f"SELECT DISTINCT unnest({filled})"
