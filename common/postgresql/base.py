"""Django's PostgreSQL backend, with what the hot paths need beside it."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql import base, features, operations
from django.db.backends.postgresql.base import CursorMixin, ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor, adapters
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.postgres import types
from psycopg.pq import Format

from common.postgresql import driver
from common.postgresql.reach import reaches

TIMESTAMPTZ = types["timestamptz"].oid
TEXT = types["text"].oid
IN_SESSION_ZONE = adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
"""psycopg's own, in C where it has one. Django's puts its zone into each time, in Python; here both
the session and Django are in UTC."""


class RawText(Loader):
    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class PreparedCursor(ServerBindingCursor):
    @property
    def adapters(self) -> AdaptersMap:
        """Made once for each connection: to register a loader for each cursor copies them all."""
        adapters: AdaptersMap = self.connection.prepared_adapters  # type: ignore[attr-defined]
        return adapters


class RawPreparedCursor(CursorMixin, RawCursor[Any]):
    @property
    def adapters(self) -> AdaptersMap:
        adapters: AdaptersMap = self.connection.raw_adapters  # type: ignore[attr-defined]
        return adapters

    def execute(self, query: str, *values: Any, **options: Any) -> Any:  # type: ignore[override]
        return super().execute(_encoded(query), *values, **options)


@lru_cache(maxsize=2048)
def _encoded(query: str) -> bytes:
    """The same bytes each time: they find their prepared statement without being hashed anew."""
    return query.encode()


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """For the log of queries; psycopg cannot put parameters in while a pipeline is open."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False
    """The primary key of a shop's row is (id, shop_id): columns do not follow from `id` alone."""


class DatabaseWrapper(base.DatabaseWrapper):
    Database = driver
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """Asked before each request that reuses a connection (CONN_HEALTH_CHECKS).

        On an idle connection nothing waits to be read, unless the server has closed it or says that
        it is about to; only then is it asked by a query.
        """
        if self.connection is None or self.connection.closed:
            return False  # one that was found broken has no socket to ask
        watched = select.poll()
        watched.register(self.connection.fileno(), select.POLLIN)
        return not watched.poll(0) or super().is_usable()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connect = super().get_new_connection
        connection = reaches[self.alias].connected(lambda: connect(conn_params))
        connection.prepared_adapters = AdaptersMap(connection.adapters)
        connection.prepared_adapters.register_loader(TIMESTAMPTZ, IN_SESSION_ZONE)
        connection.raw_adapters = AdaptersMap(connection.prepared_adapters)
        connection.raw_adapters.register_loader(TEXT, RawText)
        return connection

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor whose statements the server parses and plans once for each connection."""
        return self._wrapped(PreparedCursor)

    def raw_cursor(self) -> CursorWrapper:
        """The same for statements as PostgreSQL has them, and texts as it sends them, in bytes.

        psycopg would read a long statement anew each time to find its parameters.
        """
        return self._wrapped(RawPreparedCursor)

    def _wrapped(self, cursor_class: type[Any]) -> CursorWrapper:
        self.close_if_health_check_failed()
        self.ensure_connection()
        wrapped: CursorWrapper = self._prepare_cursor(  # type: ignore[attr-defined]
            cursor_class(self.connection)
        )
        return wrapped

    @contextmanager
    def pipelined(self) -> Iterator[None]:
        """Statements of prepared cursors inside are sent without waiting for each one's result.

        What a cursor has to say is known at the end, and so are errors.
        """
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.pipeline():
            yield
