"""Cursors for the hot paths: prepared statements, and several of them in one round trip."""

from contextlib import AbstractContextManager
from typing import cast

from django.db import connection
from django.db.backends.utils import CursorWrapper

from common.postgresql.base import DatabaseWrapper
from common.replicas.reading import reading_connection


def prepared_cursor() -> CursorWrapper:
    return _database().prepared_cursor()


def raw_cursor() -> CursorWrapper:
    """The same, adding nothing: parameters are $1 and so on, texts come as bytes."""
    return _database().raw_cursor()


def reading_cursor() -> CursorWrapper:
    """A prepared cursor for what only reads: it may be of a replica (`common.replicas`)."""
    return reading_connection().prepared_cursor()


def raw_reading_cursor() -> CursorWrapper:
    """Such a one that adds nothing."""
    return reading_connection().raw_cursor()


def server_version() -> int:
    """Of PostgreSQL: 150004 is 15.4."""
    return _database().pg_version


def pipelined() -> AbstractContextManager[None]:
    return _database().pipelined()


def _database() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connection)
