"""Rows on their way into PostgreSQL by COPY, in its text format.

Encoding is apart from copying, so that other processes can encode while PostgreSQL takes in. It
goes column by column: what a column holds is mostly of one type, and then costs one call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from common.rows import Row

NULL = r"\N"


@dataclass(frozen=True, kw_only=True, slots=True)
class Copyable:
    """Rows of one table, ready to be sent."""

    statement: str
    lines: bytes


def encode_rows(model: type[models.Model], rows: Sequence[Row]) -> Copyable:
    """`rows` have the same keys in the same order: columns; those left out take their default."""
    columns = list(rows[0])
    kinds = {field.column: type(field) for field in model._meta.concrete_fields}
    texts = [
        _column(kinds[column], values)
        for column, values in zip(columns, zip(*map(dict.values, rows), strict=True), strict=True)
    ]
    names = ", ".join(f'"{column}"' for column in columns)
    return Copyable(
        statement=f'COPY "{model._meta.db_table}" ({names}) FROM STDIN',
        lines="\n".join([*map("\t".join, zip(*texts, strict=True)), ""]).encode(),
    )


def copy(copyable: Copyable) -> None:
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        connection.connection.cursor() as cursor,
        cursor.copy(copyable.statement) as copying,
    ):
        copying.write(copyable.lines)


def _column(kind: type, values: Sequence[Any]) -> Iterable[str]:
    if kind is models.JSONField:
        return map(_json, values)
    if kind is ArrayField:
        return map(_array, values)
    types = set(map(type, values))
    if all(issubclass(held, str) for held in types):
        return values if _is_plain("".join(values)) else map(_escaped, values)
    if types == {datetime}:
        return map(datetime.isoformat, values)
    return map(_text, values)


def _text(value: object) -> str:
    if value is None:
        return NULL
    if isinstance(value, UUID):
        return f"{value.int:032x}"  # PostgreSQL reads it as well, Python writes it twice as fast
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be copied")


def _is_plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _json(value: object) -> str:
    """JSON has no control characters of its own, only backslashes."""
    return NULL if value is None else orjson.dumps(value).decode().replace("\\", "\\\\")


def _array(value: Sequence[str] | None) -> str:
    if value is None:
        return NULL
    quoted = ('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in value)
    return _escaped("{" + ",".join(quoted) + "}")


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
