"""A shop's days worked out anew from the base tables, into the rollup. The same each time."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from analytics.cohort import COHORT, Cohort
from analytics.questions import Period
from analytics.rollups import KEY_COLUMNS, SUBJECTS, Rollup, name_of, table_of
from analytics.statements import each
from analytics.subjects.subject import Subject
from shops.models import Shop

GROUP = "day, key, second_key, currency"


def recompute(shop: Shop, spans: Sequence[Period]) -> None:
    """Replace what the rollup says of these days. The caller holds the lock of `RolledUp`."""
    parameters = Cohort(shop, spans, timezone.now()).parameters()
    with connection.cursor() as cursor:
        for subject, _ in SUBJECTS:
            cursor.execute(_forget(subject), parameters)
            cursor.execute(_insert(subject), parameters)


def _forget(subject: Subject) -> str:
    return f"""
        DELETE FROM {table_of(subject)} AS kept
         USING unnest(%(firsts)s::date[], %(lasts)s::date[]) AS span(first, last)
         WHERE kept.shop_id = %(shop)s AND kept.day BETWEEN span.first AND span.last
           AND kept.dimension = ANY({_names(subject)})
    """


def _insert(subject: Subject) -> str:
    durations = ", ".join(f"{name}_buckets, {name}_units" for name in subject.durations)
    columns = ", ".join(filter(None, [f"dimension, {GROUP}", *subject.cells, durations]))
    return f"""
        WITH {COHORT}, units AS MATERIALIZED ({subject.units})
        INSERT INTO {table_of(subject)} (shop_id, {columns}) {daily(subject, subject.rollups)}
    """


def daily(subject: Subject, rollups: Sequence[Rollup]) -> str:
    """Rows of the rollup as they should be, from `units`."""
    return " UNION ALL ".join(_daily(subject, rollup) for rollup in rollups)


def _daily(subject: Subject, rollup: Rollup) -> str:
    keys, joins = _keys(subject, rollup)
    cells = ", ".join(f"{sql} AS {name}" for name, sql in subject.cells.items())
    all_durations = "".join(
        f", array_agg({sql}) FILTER (WHERE {sql} IS NOT NULL) AS {name}"
        for name, sql in subject.durations.items()
    )
    counted = " ".join(_counted(name) for name in subject.durations)
    columns = "".join(f", {name}_buckets, {name}_units" for name in subject.durations)
    return f"""
        SELECT %(shop)s::uuid, '{name_of(rollup)}', {GROUP}, {", ".join(subject.cells)}{columns}
          FROM (
            SELECT {GROUP}, {cells}{all_durations}
              FROM (SELECT units.*, {keys} FROM units {joins}) AS unit
             GROUP BY {GROUP}
          ) AS daily {counted}
    """


def _keys(subject: Subject, rollup: Rollup) -> tuple[str, str]:
    keys, joins = [], ""
    for place, column in enumerate(KEY_COLUMNS):
        value = subject.keys[rollup[place]] if place < len(rollup) else "''"
        if place < len(rollup) and rollup[place] in subject.several:
            joins += f" CROSS JOIN LATERAL ({each(value)}) AS by_{place}(value)"
            value = f"by_{place}.value"
        keys.append(f"{value} AS {column}")
    return ", ".join(keys), joins


def _counted(name: str) -> str:
    return f"""
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(bucket ORDER BY bucket), '{{}}') AS {name}_buckets,
                 coalesce(array_agg(units ORDER BY bucket), '{{}}') AS {name}_units
            FROM (
              SELECT bucket, count(*)::int AS units FROM unnest({name}) AS each(bucket)
               GROUP BY bucket
            ) AS counted
        ) AS of_{name}
    """


def _names(subject: Subject) -> str:
    names = ", ".join(f"'{name_of(rollup)}'" for rollup in subject.rollups)
    return f"ARRAY[{names}]"


def differences(shop: Shop, spans: Sequence[Period]) -> Iterator[tuple[Any, ...]]:
    """Rows of the rollup that are not as they should be: (subject, dimension, day, keys, …)."""
    parameters = Cohort(shop, spans, timezone.now()).parameters()
    with connection.cursor() as cursor:
        for subject, _ in SUBJECTS:
            cursor.execute(_compare(subject), parameters)
            yield from ((subject.name, *row) for row in cursor.fetchall())


def _compare(subject: Subject) -> str:
    names = ", ".join(f"{name}_buckets, {name}_units" for name in subject.durations)
    columns = ", ".join(filter(None, [f"dimension, {GROUP}", *subject.cells, names]))
    return f"""
        WITH {COHORT}, units AS MATERIALIZED ({subject.units}),
        should(shop_id, {columns}) AS ({daily(subject, subject.rollups)}),
        kept AS (
          SELECT shop_id, {columns} FROM {table_of(subject)} AS kept
            JOIN unnest(%(firsts)s::date[], %(lasts)s::date[]) AS span(first, last)
              ON kept.day BETWEEN span.first AND span.last
           WHERE kept.shop_id = %(shop)s
        )
        SELECT DISTINCT dimension, {GROUP}
          FROM (
            (SELECT * FROM should EXCEPT SELECT * FROM kept)
             UNION ALL
            (SELECT * FROM kept EXCEPT SELECT * FROM should)
          ) AS differing
         ORDER BY 1, 2, 3, 4, 5
    """
