"""Cutting a table by time in a migration, also one that is full and in use (`common.partitions`).

The table becomes the first piece of the new one as it lies: no row is copied. What that piece
promises of its ids is looked over beforehand, and so is a primary key that is to hold the key of
the cut. Only the exchange locks anybody out, also those who write what the table refers to, for as
long as renaming takes. It waits for others no longer than they would notice, and tries again; an
autovacuum alone is waited for until it gives way, while nobody else waits. What an attempt that was
killed has looked over is not read again.
"""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.utils import Error, OperationalError
from psycopg import errors

from common.indexes import unhurried
from common.partitions import PATIENCE, Span, first_id_at, first_id_of
from common.shop_keys import replace_key

LOCKED_OUT = "100ms"
PAUSES = (*[0.25] * 40, *[1] * 60, *[5] * 100)
"""Seconds between the tries: ten minutes in all."""
FEW = 40
"""Tries to take back what would do harm later: ten seconds, for somebody may wait to go home."""
_IN_USE = (errors.LockNotAvailable, errors.DeadlockDetected)


class CutByTime(Operation):
    """Cut a table to which nothing refers, and whose unique constraints all hold `key`.

    Its constraints, indexes and triggers keep their names; those of the first piece end in
    `_before`.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, table: str, *, span: Span, key: str = "id") -> None:
        self.table, self.span, self.key = table, span, key

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        table, old, key = self.table, f"{self.table}_before", self.key
        if _rows(schema_editor, _IS_CUT, table):  # an attempt that was cut short had come this far
            return
        if key != "id":
            replace_key(schema_editor, table, f"id, shop_id, {key}")
        now = datetime.now(UTC)
        end = first_id_of(self.span.later(self.span.begin(now), 2))
        check = f"ALTER TABLE {table} ADD CONSTRAINT {old} CHECK ({key} < '{end}')"
        if schema_editor.connection.in_atomic_block:
            schema_editor.execute(check)
            _in_one(schema_editor, *self._exchange(schema_editor, end))
            return
        taken_back = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {old}"
        ends = [UUID(said) for [said] in _rows(schema_editor, _LOOKED_OVER, table)]
        looked_over = next((one for one in ends if one > first_id_at(now)), None)
        if not looked_over:
            self._in_the_end(schema_editor, [taken_back, f"{check} NOT VALID"], PAUSES)
        try:
            if not looked_over:
                with unhurried(schema_editor):
                    schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {old}")
            self._in_the_end(
                schema_editor, self._exchange(schema_editor, looked_over or end), PAUSES
            )
        except BaseException as error:
            # Left there, it would refuse every row from that month on, whatever version runs.
            try:
                self._in_the_end(schema_editor, [taken_back], PAUSES[:FEW])
            except Error:
                error.add_note(
                    f"The check {old} is still there, and will refuse rows of later months: "
                    "manage.py doctor --check schema --mend drops it, or migrate again."
                )
            raise

    def _exchange(self, schema_editor: BaseDatabaseSchemaEditor, end: UUID) -> list[str]:
        table, old, key = self.table, f"{self.table}_before", self.key
        constraints = _rows(schema_editor, _CONSTRAINTS, table)
        indexes = _rows(schema_editor, _INDEXES, table)
        triggers = _rows(schema_editor, _TRIGGERS, table)
        return [
            self._lock(schema_editor),
            f"ALTER TABLE {table} RENAME TO {old}",
            *(
                f"ALTER INDEX {name} RENAME TO {name}_before"
                for [name] in _rows(schema_editor, _INDEX_NAMES, table)
            ),
            *(f"DROP TRIGGER {name} ON {old}" for name, _ in triggers),
            (
                f"CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS INCLUDING STORAGE"
                f" INCLUDING CONSTRAINTS) PARTITION BY RANGE ({key})"
            ),
            f"ALTER TABLE {table} DROP CONSTRAINT {old}",
            *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}" for name, said in constraints),
            *(said for [said] in indexes),
            f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT",
            f"ALTER TABLE {table} ATTACH PARTITION {old} FOR VALUES FROM (MINVALUE) TO ('{end}')",
            f"ALTER TABLE {old} DROP CONSTRAINT {old}",
            *(said for _, said in triggers),
        ]

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        """Copies every row, and locks the table for as long as that takes."""
        table, whole = self.table, f"{self.table}_whole"
        constraints = _rows(schema_editor, _CONSTRAINTS, table)
        indexes = _rows(schema_editor, _INDEXES, table)
        triggers = _rows(schema_editor, _TRIGGERS, table)
        _in_one(
            schema_editor,
            self._lock(schema_editor),
            f"CREATE TABLE {whole} (LIKE {table} INCLUDING DEFAULTS INCLUDING STORAGE"
            " INCLUDING CONSTRAINTS)",
            f"INSERT INTO {whole} SELECT * FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {whole} RENAME TO {table}",
            *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}" for name, said in constraints),
            *(said for [said] in indexes),
            *(said for _, said in triggers),
        )
        replace_key(schema_editor, table, "id, shop_id")

    def describe(self) -> str:
        return f"Cut {self.table} by the {self.span.value}"

    def _lock(self, editor: BaseDatabaseSchemaEditor, mode: str = "ACCESS EXCLUSIVE") -> str:
        """At first and strong enough: who took more later could wait for one who waits.

        The table itself before what it refers to, as those who write it come by them.
        """
        tables = [self.table, *(name for [name] in _rows(editor, _REFERRED_TO, self.table))]
        return f"LOCK TABLE {', '.join(tables)} IN {mode} MODE"

    def _in_the_end(
        self, editor: BaseDatabaseSchemaEditor, statements: list[str], pauses: tuple[float, ...]
    ) -> None:
        """In one transaction, tried until nobody is in its way; raises OperationalError."""
        for pause in pauses:
            try:
                _in_one(
                    editor,
                    # Keeps out nobody but an autovacuum, which gives way to it.
                    f"SET LOCAL lock_timeout = '{PATIENCE}'",
                    self._lock(editor, "SHARE UPDATE EXCLUSIVE"),
                    f"SET LOCAL lock_timeout = '{LOCKED_OUT}'",
                    *statements,
                )
            except OperationalError as error:
                if not isinstance(error.__cause__, _IN_USE):
                    raise
                time.sleep(pause)
            else:
                return
        raise OperationalError(
            f"{self.table} was in use all the time. End long transactions (pg_stat_activity), and "
            "run migrate again."
        )


def _rows(editor: BaseDatabaseSchemaEditor, statement: str, table: str) -> list[tuple[str, ...]]:
    with editor.connection.cursor() as cursor:
        cursor.execute(statement, [table])
        rows: list[tuple[str, ...]] = cursor.fetchall()
    return rows


def _in_one(editor: BaseDatabaseSchemaEditor, *statements: str) -> None:
    with transaction.atomic(editor.connection.alias):
        for statement in statements:
            editor.execute(statement, None)


_IS_CUT = "SELECT relname FROM pg_class WHERE oid = %s::regclass AND relkind = 'p'"
_LOOKED_OVER = r"""
    SELECT substring(pg_get_constraintdef(oid) FROM '''([-0-9a-f]+)''') FROM pg_constraint
     WHERE conrelid = %s::regclass AND conname = conrelid::regclass || '_before'
       AND contype = 'c' AND convalidated
"""
_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f') ORDER BY contype DESC, conname
"""
_INDEXES = """
    SELECT pg_get_indexdef(indexrelid) FROM pg_index
     WHERE indrelid = %s::regclass
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY 1
"""
_INDEX_NAMES = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass"
_TRIGGERS = """
    SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
     WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname
"""
_REFERRED_TO = """
    SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
     WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY 1
"""
