"""The SQL that adds cells up: from the rollup where a day is clean, from the base tables else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analytics.cohort import COHORT, Cohort
from analytics.dirt import Dirt
from analytics.questions import Dimension, Interval, Period
from analytics.rollups import Rollup, column_of, name_of, serving, table_of
from analytics.subjects.subject import Subject
from shops.models import Shop

Keys = tuple[Dimension, ...]
Filters = Mapping[Dimension, str]


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


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a statement is to read, and from where."""

    shop: Shop
    subject: Subject
    period: Period
    by: Keys
    filters: Filters
    rollup: Rollup | None
    """None: none serves, or none counts."""
    live: Sequence[Period]
    """What is read from the base tables."""
    now: datetime

    @classmethod
    def of(
        cls,
        shop: Shop,
        subject: Subject,
        period: Period,
        dirt: Dirt,
        *,
        by: Keys,
        filters: Filters,
        now: datetime,
    ) -> "Asked":
        counts, dirty = dirt.clean_and_dirty(period)
        rollup = serving(subject, {*by, *filters}) if counts else None
        return cls(
            shop=shop,
            subject=subject,
            period=period,
            by=by,
            filters=filters,
            rollup=rollup,
            live=[period] if rollup is None else dirty,
            now=now,
        )

    def parameters(self) -> tuple[tuple[str, Any], ...]:
        named = Cohort(self.shop, self.live, self.now).parameters()
        named |= {dimension.value: value for dimension, value in self.filters.items()}
        if self.rollup is not None:
            named |= {
                "rollup": name_of(self.rollup),
                "first": self.period.first,
                "last": self.period.last,
            }
        if self.rollup is not None and self.live:
            spans = ", ".join(f"[{span.first}, {span.last}]" for span in self.live)
            named["dirty"] = f"{{{spans}}}"
        return tuple(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in named.items()
        )


def cells_statement(asked: Asked, interval: Interval | None) -> Statement:
    """Columns: start of the step, keys in the order of `by`, currency, cells in their order."""
    keys = "".join(f"key_{place}, " for place in range(len(asked.by)))
    cells = asked.subject.cells
    sums = ", ".join(f"sum({name}){_exactly(asked.subject, name)}" for name in cells)
    groups = ", ".join(str(place + 1) for place in range(len(asked.by) + 2))
    daily = ", ".join(f"{sql} AS {name}" for name, sql in cells.items())
    live = f"SELECT day, {keys}currency, {daily} FROM units GROUP BY {groups}"
    kept = f"SELECT day, {_kept_keys(asked)}currency, {', '.join(cells)} {_kept(asked)}"
    sql = (
        f"{_with_units(asked)} SELECT {start_of_step(interval)}, {keys}currency, {sums}"
        f" FROM ({_from(asked, kept, live)}) AS daily GROUP BY {groups}"
    )
    return Statement(sql, asked.parameters())


def durations_statement(asked: Asked) -> Statement:
    """Columns: keys in the order of `by`, name of the duration, bucket, units.

    A bucket is there once from the rollup and once from the base tables. Of the rollup, each
    duration is added up by itself: grouping by numbers alone takes half the time.
    """
    parts = [_live_durations(asked)] if asked.live else []
    if asked.rollup is not None:
        parts += [_kept_duration(asked, name) for name in asked.subject.durations]
    return Statement(f"{_with_units(asked)} {' UNION ALL '.join(parts)}", asked.parameters())


def _live_durations(asked: Asked) -> str:
    keys = "".join(f"key_{place}, " for place in range(len(asked.by)))
    groups = ", ".join(str(place + 1) for place in range(len(asked.by) + 2))
    buckets = ", ".join(f"('{name}', {sql})" for name, sql in asked.subject.durations.items())
    return (
        f"SELECT {keys}name, bucket, count(*) FROM units"
        f" CROSS JOIN LATERAL (VALUES {buckets}) AS took_so_long(name, bucket)"
        f" WHERE bucket IS NOT NULL GROUP BY {groups}"
    )


def _kept_duration(asked: Asked, name: str) -> str:
    keys = "".join(f"key_{place}, " for place in range(len(asked.by)))
    kept = (
        f"SELECT {_kept_keys(asked)}unnest({name}_buckets) AS bucket, unnest({name}_units) AS units"
        f" {_kept(asked)}"
    )
    return (
        f"(SELECT {keys}'{name}', bucket, sum(units)::bigint FROM ({kept}) AS daily"
        f" GROUP BY {keys}bucket)"
    )


def _exactly(subject: Subject, cell: str) -> str:
    """PostgreSQL adds whole numbers up to a decimal."""
    return "" if cell in subject.money else "::bigint"


def _from(asked: Asked, kept: str, live: str) -> str:
    parts = [kept] if asked.rollup is not None else []
    parts += [live] if asked.live else []
    return " UNION ALL ".join(parts)


def _kept_keys(asked: Asked) -> str:
    if asked.rollup is None:
        return ""
    return "".join(
        f"{column_of(asked.rollup, dimension)} AS key_{place}, "
        for place, dimension in enumerate(asked.by)
    )


def _kept(asked: Asked) -> str:
    """FROM and WHERE of the rollup's clean days."""
    if asked.rollup is None:
        return ""
    conditions = [
        "shop_id = %(shop)s",
        "dimension = %(rollup)s",
        "day BETWEEN %(first)s AND %(last)s",
        *(f"{column_of(asked.rollup, one)} = %({one})s" for one in asked.filters),
    ]
    if asked.live:
        conditions.append("NOT day <@ %(dirty)s::datemultirange")
    return f"FROM {table_of(asked.subject)} WHERE {' AND '.join(conditions)}"


def _with_units(asked: Asked) -> str:
    return (
        f"WITH {COHORT}, {units_of(asked.subject, asked.by, asked.filters)}" if asked.live else ""
    )


def units_of(subject: Subject, by: Keys, filters: Filters) -> str:
    """`units` with a column for each key, narrowed by the filters.

    A unit with several values of a dimension is there once for each of them.
    """
    if not by and not filters:
        return f"units AS ({subject.units})"
    narrowed = " AND ".join(_is(subject, dimension) for dimension in filters) or "true"
    keys, joins = "", ""
    for place, dimension in enumerate(by):
        value = subject.keys[dimension]
        if dimension in subject.several:
            joins += f" CROSS JOIN LATERAL ({each(value)}) AS by_{place}(value)"
            value = f"by_{place}.value"
        keys += f", {value} AS key_{place}"
    chosen = f"SELECT counted.*{keys} FROM counted{joins} WHERE {narrowed}"
    kept = " AND ".join(
        f"key_{place} = %({dimension})s"
        for place, dimension in enumerate(by)
        if dimension in filters
    )
    chosen = f"SELECT * FROM ({chosen}) AS chosen WHERE {kept}" if kept else chosen
    return f"counted AS ({subject.units}), units AS ({chosen})"


def each(value: str) -> str:
    """The values of an array, each once; a unit without any has one that is empty."""
    filled = f"CASE WHEN cardinality({value}) = 0 THEN ARRAY[''] ELSE {value} END"
    return f"SELECT DISTINCT unnest({filled})"


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
