"""Django's `migrate`, made to run beside the traffic.

A statement that changes a table waits for those who use it, and everybody else waits behind it. So
it waits no longer than LOCKED_OUT, lets the others pass and tries again; how long it then works is
up to the migration, not to the limit of requests. One process migrates at a time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError
from psycopg import errors

LOCKED_OUT = "1s"
PAUSES = (1, 2, 4, 8, *[15] * 40)
"""Seconds between the tries: ten minutes in all."""
GLANCE = 0.2
"""Seconds. The turn is asked for again and again: who waited for it in the database would be waited
for by an index that is built beside the traffic."""
TURN = 0x6D69677261746573  # "migrates"

_IN_USE = (errors.LockNotAvailable, errors.DeadlockDetected)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        self.database = connections[options["database"]]
        pauses = iter(PAUSES)
        with _in_turn(self.database):
            while True:
                try:
                    super().handle(*args, **options)
                    break
                except OperationalError as error:
                    pause = next(pauses, None)
                    if pause is None or not self._may_try_again(error):
                        raise
                    self.stderr.write(f"\nA table is in use; once more in {pause} s.")
                    time.sleep(pause)
            with self.database.cursor() as cursor:
                cursor.execute("RESET statement_timeout; RESET lock_timeout")

    def migration_progress_callback(
        self, action: str, migration: Any = None, fake: bool = False
    ) -> None:
        if action in ("apply_start", "unapply_start"):
            with self.database.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = 0; SET lock_timeout = '{LOCKED_OUT}'")
        super().migration_progress_callback(action, migration, fake)

    def _may_try_again(self, error: OperationalError) -> bool:
        return isinstance(error.__cause__, _IN_USE) and not self.database.in_atomic_block


@contextmanager
def _in_turn(database: BaseDatabaseWrapper) -> Iterator[None]:
    """The turn is given back at the end, or with the transaction there is."""
    of_transaction = "_xact" if database.in_atomic_block else ""
    with database.cursor() as cursor:
        while not _is_true(cursor, f"SELECT pg_try_advisory{of_transaction}_lock({TURN})"):
            time.sleep(GLANCE)
    try:
        yield
    finally:
        if not of_transaction and database.is_usable():
            with database.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({TURN})")


def _is_true(cursor: Any, statement: str) -> bool:
    cursor.execute(statement)
    return bool(cursor.fetchone()[0])
