"""An answer as clients read it, and as a table."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from io import StringIO
from typing import Any

from analytics.answers import Answer, Compared, Figure, Group, Parts
from analytics.questions import Dimension
from analytics.rows import Rows
from common.rows import Row
from common.spreadsheets import plain_cell

LISTED = ("section", "from", "to", "key", "currency", "value", "numerator", "denominator")
"""Columns of an answer as CSV."""


def as_json(answer: Answer, absolute: Callable[[str], str]) -> Row:
    return {
        "number": answer.number,
        "title": answer.title,
        **_figure(answer),
        "unit": answer.unit,
        "parts": _parts(answer.parts),
        "excluded": [asdict(excluded) for excluded in answer.excluded],
        "formula": answer.formula,
        "definition": answer.definition,
        "from": answer.period.first,
        "to": answer.period.last,
        "interval": answer.interval,
        "group_by": list(answer.group_by),
        "timezone": answer.timezone,
        "currency": answer.currency,
        "by_currency": [
            {"currency": one.currency, **_figure(one), "parts": _parts(one.parts)}
            for one in answer.by_currency
        ],
        "series": [
            {"from": point.from_, "to": point.to, **_figure(point)} for point in answer.series
        ],
        "groups": [_group(group, absolute) for group in answer.groups],
        "previous": _compared(answer.previous),
        "year_before": _compared(answer.year_before),
        "rows": absolute(answer.rows),
    }


def as_csv(answer: Answer) -> str:
    """A line for each value of the answer; `section` says which."""
    return _table(LISTED, _lines(answer))


def rows_as_csv(rows: Rows) -> str:
    lines = ([_cell(row[name]) for name in rows.columns] for row in rows.rows)
    return _table(rows.columns, lines)


def _lines(answer: Answer) -> Iterable[Sequence[Any]]:
    first, last = answer.period.first, answer.period.last
    currency = answer.currency if answer.unit == "money" else ""
    yield "total", first, last, "", currency, *_values(answer)
    for part in answer.parts.values():
        yield "part", first, last, part.key, currency, *_values(part)
    for excluded in answer.excluded:
        yield "excluded", first, last, excluded.key, "", excluded.count, "", ""
    for one in answer.by_currency:
        yield "currency", first, last, "", one.currency, *_values(one)
    for point in answer.series:
        yield "series", point.from_, point.to, "", currency, *_values(point)
    for group in answer.groups:
        key = plain_cell(" / ".join(group.keys))
        of = dict(zip(answer.group_by, group.keys, strict=True)).get(Dimension.CURRENCY, currency)
        yield "group", first, last, key, of if currency else "", *_values(group)
    for section in ("previous", "year_before"):
        compared: Compared | None = getattr(answer, section)
        if compared is not None:
            yield section, compared.from_, compared.to, "", currency, *_values(compared)


def _table(columns: Iterable[str], lines: Iterable[Sequence[Any]]) -> str:
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows(lines)
    return buffer.getvalue()


def _values(figure: Figure) -> tuple[Any, ...]:
    values = (figure.value, figure.numerator, figure.denominator)
    return tuple("" if value is None else value for value in values)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return plain_cell("; ".join(value))
    return plain_cell(value) if isinstance(value, str) else "" if value is None else value


def _figure(figure: Figure) -> Row:
    return {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
    }


def _group(group: Group, absolute: Callable[[str], str]) -> Row:
    return {
        "keys": [key or None for key in group.keys],
        "labels": list(group.labels),
        **_figure(group),
        "parts": _parts(group.parts),
        "rows": absolute(group.rows),
    }


def _compared(compared: Compared | None) -> Row | None:
    if compared is None:
        return None
    return {
        "from": compared.from_,
        "to": compared.to,
        **_figure(compared),
        "parts": _parts(compared.parts),
    }


def _parts(parts: Parts) -> Mapping[str, Row]:
    return {
        key: {"title": part.title, "unit": part.unit, **_figure(part)}
        for key, part in parts.items()
    }
