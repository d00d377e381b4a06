"""Django's PostgreSQL backend, with what the hot paths need beside it."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.postgresql.base import CursorMixin, ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor, adapters
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.postgres import types
from psycopg.pq import Format

TIMESTAMPTZ = types["timestamptz"].oid
TEXT = types["text"].oid
IN_SESSION_ZONE = adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
"""psycopg's own, in C where it has one. Django's puts its zone into each time, in Python; here both
the session and Django are in UTC."""


class RawText(Loader):
    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class RawServerBindingCursor(CursorMixin, RawCursor[Any]):
    pass


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """For the log of queries; psycopg cannot put parameters in while a pipeline is open."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """Asked before each request that reuses a connection (CONN_HEALTH_CHECKS).

        On an idle connection nothing waits to be read, unless the server has closed it or says that
        it is about to; only then is it asked by a query.
        """
        if self.connection is None:
            return False
        watched = select.poll()
        watched.register(self.connection.fileno(), select.POLLIN)
        return not watched.poll(0) or super().is_usable()

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor whose statements the server parses and plans once for each connection."""
        return self._wrapped(ServerBindingCursor)

    def raw_cursor(self) -> CursorWrapper:
        """The same for statements as PostgreSQL has them, and texts as it sends them, in bytes.

        psycopg would read a long statement anew each time to find its parameters.
        """
        cursor = self._wrapped(RawServerBindingCursor)
        cursor.adapters.register_loader(TEXT, RawText)
        return cursor

    def _wrapped(self, cursor_class: type[Any]) -> CursorWrapper:
        self.ensure_connection()
        cursor = cursor_class(self.connection)
        cursor.adapters.register_loader(TIMESTAMPTZ, IN_SESSION_ZONE)
        wrapped: CursorWrapper = self._prepare_cursor(cursor)  # type: ignore[attr-defined]
        return wrapped

    @contextmanager
    def pipelined(self) -> Iterator[None]:
        """Statements of prepared cursors inside are sent without waiting for each one's result.

        What a cursor has to say is known at the end, and so are errors.
        """
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.pipeline():
            yield
