"""Reads each statement that psycopg sends to the tests' database, whoever sends it.

ORM, raw SQL, prepared statements and pipelines all pass `BaseCursor._convert_query`. A statement is
read once for each text; what it leaves unsaid counts each time the product sends it, against the
place it is sent from. What a test itself asks is its own business.
"""

import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from psycopg._cursor_base import BaseCursor

from tests.statements.exceptions import EXCEPTIONS
from tests.statements.parse_tree import Reader, Unreadable
from tests.statements.shop_rule import relids, unsaid_tables

PROJECT = Path(__file__).resolve().parents[2]
OUTSIDE = tuple(
    str(PROJECT / path) for path in (".venv", "tests/statements", "common/postgresql/driver.py")
)
TESTS = (str(PROJECT / "tests"), str(PROJECT / "conftest.py"), str(PROJECT / "benchmarks"))
BY_ID = re.compile(r"/django/contrib/admin/|/django/db/models/deletion\.py|/auditlog/receivers\.py")
"""The back office goes by id; Django deletes by id what it has just collected in the shop; and the
audit of edits reads the row that is about to be saved."""
READABLE = re.compile(r"\s*\(*\s*(SELECT|INSERT|UPDATE|DELETE|WITH|DECLARE)\b", re.IGNORECASE)


@dataclass
class Watch:
    database: str
    tenants: frozenset[str]
    reader: Reader
    found: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look_at(self, cursor: Any, text: str, statement: Any) -> None:
        if cursor.connection.info.dbname != self.database:
            return
        with self.lock:
            unsaid = self._unsaid(text, statement)
        if not unsaid:
            return
        place = sent_from(sys._getframe())
        if place is not None and place not in EXCEPTIONS:
            self.found.append(f"{place} names no shop for {', '.join(unsaid)}:\n  {text[:2000]}")

    def _unsaid(self, text: str, statement: Any) -> tuple[str, ...]:
        if text not in self.verdicts:
            try:
                self.verdicts[text] = self._read(statement)
            except Unreadable as why:
                self.unread[text] = str(why)  # once more, should it come again
                return ()
            self.unread.pop(text, None)
        return self.verdicts[text]

    def _read(self, statement: Any) -> tuple[str, ...]:
        queries = self.reader.queries(statement.query, statement.types)
        names = self.reader.table_names({oid for query in queries for oid in relids(query)})
        if self.tenants.isdisjoint(names.values()):
            return ()
        return tuple(table for q in queries for table in unsaid_tables(q, names, self.tenants))


def sent_from(frame: FrameType | None) -> str | None:
    """“path::function” of the product; None where it goes by id on purpose, or a test asks."""
    place = None
    while frame is not None:
        path = frame.f_code.co_filename
        if BY_ID.search(path):
            return None
        if path.startswith(str(PROJECT)) and not path.startswith(OUTSIDE) and place is None:
            if path.startswith(TESTS):
                return None
            place = f"{Path(path).relative_to(PROJECT)}::{frame.f_code.co_name}"
        frame = frame.f_back
    return place


def watching(watch: Watch) -> Iterator[None]:
    """Every cursor of this process reports to `watch` meanwhile."""
    plain = BaseCursor._convert_query

    def reported(cursor: Any, query: Any, params: Any = None) -> Any:
        statement = plain(cursor, query, params)
        text = query.decode() if isinstance(query, bytes) else str(query)
        if READABLE.match(text) and ";" not in text.rstrip("; \n"):
            watch.look_at(cursor, text, statement)
        return statement

    BaseCursor._convert_query = reported  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseCursor._convert_query = plain  # type: ignore[method-assign]
