"""JSON as text: SQL expressions that give it, and the places that they leave to be filled in here.

PostgreSQL joins texts several times as fast as it builds the same objects by `json_build_object`,
and `JSON_SCALAR` (PostgreSQL 17) knows the type of its argument beforehand, as `to_json` does not.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson

BLANK = "\x1f"
"""Around what is to be filled in. Inside a JSON text this character is always escaped."""
_AROUND = BLANK.encode()


@lru_cache(maxsize=2048)
def understood(statement: str, server_version: int) -> str:
    """The statement as a server of this version understands it; 150004 is 15.4."""
    return statement if server_version >= 170000 else statement.replace("JSON_SCALAR(", "to_json(")


def plain(column: str) -> str:
    """Of a column that is never null."""
    return f"JSON_SCALAR({column})"


def or_null(column: str) -> str:
    return f"COALESCE(JSON_SCALAR({column})::text, 'null')"


def moment(column: str) -> str:
    """Of a time in UTC, with microseconds or none; null if there is none.

    PostgreSQL leaves their last zeros out, and not every reader of ISO 8601 knows fractions of five
    digits (Python's own before 3.11 does not).
    """
    text = f"JSON_SCALAR({column})::text"
    padded = f"rpad(left({text}, -7), 27, '0') || '+00:00\"'"
    is_whole = f"{column} = {column}::timestamptz(0)"
    return f"COALESCE(CASE WHEN {is_whole} THEN {text} ELSE {padded} END, 'null')"


def text_or_null(column: str) -> str:
    """An empty text goes out as null."""
    return f"CASE {column} WHEN '' THEN 'null' ELSE JSON_SCALAR({column})::text END"


def word(column: str) -> str:
    """Of an id or one of a few words: nothing in it needs to be escaped."""
    return f"'\"' || {column} || '\"'"


def number(column: str) -> str:
    """As it is, without zeros at its end; an unknown one goes out as 0."""
    return f"trim_scale(COALESCE({column}, 0))"


def stored(column: str) -> str:
    """Of a JSON column, as it is stored."""
    return f"COALESCE(({column})::text, 'null')"


def each(form: Callable[[str], str], table: str, columns: str) -> dict[str, str]:
    """These columns under their own names, all in the same form."""
    return {column: form(f"{table}.{column}") for column in columns.split()}


def json_object(fields: Mapping[str, str], *more: str) -> str:
    """An object of these names and expressions, none of which gives NULL; and `more` members."""
    members = [f"'\"{name}\":' || {value}" for name, value in fields.items()]
    joined = " || ',' || ".join([*members, *more])
    return f"'{{' || {joined} || '}}'".replace("' || '", "")  # one text where two meet


def listed(item: str, rows: str, *, by: str, separator: str = ",") -> str:
    """The items of these rows in that order, one after the other; empty where there are none."""
    return f"COALESCE((SELECT string_agg({item}, '{separator}' ORDER BY {by}) FROM {rows}), '')"


def blank(kind: str, *columns: str) -> str:
    """What the filler of this kind, one letter, makes of these texts, with spaces between them."""
    wanted = " || ' ' || ".join(columns)
    return f"'{BLANK}{kind}' || {wanted} || '{BLANK}'"


def short_json(value: Any) -> bytes:
    """For what is remembered: orjson's own text holds the whole room it was written in, 4 KiB."""
    return b"%b" % orjson.dumps(value)


class Fillers(dict[bytes, bytes]):
    """Remembers what was made of each blank: it stands in many places."""

    def __init__(self, by_kind: Mapping[bytes, Callable[[bytes], bytes]]) -> None:
        super().__init__()
        self._by_kind = by_kind

    def __missing__(self, wanted: bytes) -> bytes:
        made = self[wanted] = self._by_kind[wanted[:1]](wanted[1:])
        return made

    def fill(self, text: bytes) -> bytes:
        pieces = text.split(_AROUND)
        pieces[1::2] = map(self.__getitem__, pieces[1::2])
        return b"".join(pieces)
