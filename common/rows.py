"""Writing many rows with one statement, the same text however many there are.

Rows travel as one JSON document and PostgreSQL unpacks them (`jsonb_to_recordset`): the statement
of a table and its columns is always the same text, so it is built once, and one order costs as many
statements as a hundred. Keys of a row are column names (`shop_id`, not `shop`); values are what
`orjson` knows, and decimals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from common.statements import prepared_cursor

Row = dict[str, Any]

DOCUMENT = 300
"""Rows in a document at most: PostgreSQL takes a sixth longer for a thousand rows in one than in
several, and in a pipeline it unpacks one while the next is being written."""


def insert_rows(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert `rows`, which all have the same keys; columns left out take their `db_default`."""
    for document in _documents(rows):
        prepared_cursor().execute(_insert(model, tuple(rows[0])), [document])


def insert_new_rows(model: type[models.Model], rows: Sequence[Row]) -> "Inserted":
    """Insert those `rows` that collide with nothing."""
    cursors = []
    for document in _documents(rows):
        cursor = prepared_cursor()
        cursor.execute(f"{_insert(model, tuple(rows[0]))} ON CONFLICT DO NOTHING", [document])
        cursors.append(cursor)
    return Inserted(tuple(cursors))


@dataclass(frozen=True)
class Inserted:
    """How many rows were inserted: known at once or, in a pipeline, at its end."""

    _cursors: tuple[CursorWrapper, ...]

    @property
    def count(self) -> int:
        return sum(cursor.rowcount for cursor in self._cursors)


def update_rows(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Set the given columns, the same in each row, of the rows with this `id` and `shop_id`."""
    for document in _documents(rows):
        prepared_cursor().execute(_update(model, tuple(rows[0])), [document])


def delete_rows(
    model: type[models.Model], shop_id: UUID, column: str, values: Sequence[UUID]
) -> None:
    """Delete the shop's rows whose `column` is one of `values`."""
    if values:
        prepared_cursor().execute(
            f'DELETE FROM "{model._meta.db_table}" WHERE shop_id = %s AND "{column}" = ANY(%s)',
            [shop_id, list(values)],
        )


def _documents(rows: Sequence[Row]) -> Iterator[str]:
    for start in range(0, len(rows), DOCUMENT):
        piece = rows[start : start + DOCUMENT]
        yield orjson.dumps(piece, default=_decimal_as_text).decode()


def _decimal_as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written to a row")


@lru_cache(maxsize=256)
def _insert(model: type[models.Model], columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '
        f"SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS sent({_typed(model, columns)})"
    )


@lru_cache(maxsize=256)
def _update(model: type[models.Model], columns: tuple[str, ...]) -> str:
    changed = ", ".join(
        f'"{column}" = sent."{column}"' for column in columns if column not in ("id", "shop_id")
    )
    return (
        f'UPDATE "{model._meta.db_table}" AS kept SET {changed} '
        f"FROM jsonb_to_recordset(%s::jsonb) AS sent({_typed(model, columns)}) "
        f"WHERE kept.shop_id = sent.shop_id AND kept.id = sent.id"
    )


def _typed(model: type[models.Model], columns: tuple[str, ...]) -> str:
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    return ", ".join(f'"{column}" {types[column]}' for column in columns)
