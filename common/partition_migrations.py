"""Cutting a table by time in a migration, also one that is full and in use (`common.partitions`).

The table becomes the first piece of the new one as it lies: no row is copied. Only the exchange
locks anybody out, for as long as renaming takes; what the piece promises of its ids is looked over
beforehand.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from common.partitions import WEEK, first_id_of, monday_of


class CutByTime(Operation):
    """Cut a table without a unique constraint other than its key, which nothing refers to.

    `indexes` are its others, by their names: what follows ON in their definitions.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, table: str, indexes: Mapping[str, str]) -> None:
        self.table, self.indexes = table, dict(indexes)

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        table, old = self.table, f"{self.table}_before"
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT relkind FROM pg_class WHERE oid = %s::regclass", [table])
            if cursor.fetchone() == ("p",):  # an attempt that was cut short had come this far
                return
        end = first_id_of(monday_of(datetime.now(UTC)) + 2 * WEEK)
        check = f"ALTER TABLE {table} ADD CONSTRAINT {old} CHECK (id < '{end}')"
        if schema_editor.connection.in_atomic_block:
            schema_editor.execute(check)
        else:
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {old}")
            schema_editor.execute(f"{check} NOT VALID")
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {old}")
        _in_one(
            schema_editor,
            f"ALTER TABLE {table} RENAME TO {old}",
            f"ALTER TABLE {old} RENAME CONSTRAINT {table}_pkey TO {old}_pkey",
            *(f"ALTER INDEX {name} RENAME TO {name}_before" for name in self.indexes),
            f"CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS INCLUDING STORAGE"
            " INCLUDING CONSTRAINTS) PARTITION BY RANGE (id)",
            f"ALTER TABLE {table} DROP CONSTRAINT {old}",
            *self._keys(),
            f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT",
            f"ALTER TABLE {table} ATTACH PARTITION {old} FOR VALUES FROM (MINVALUE) TO ('{end}')",
            f"ALTER TABLE {old} DROP CONSTRAINT {old}",
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        """Copies every row, and locks the table for as long as that takes."""
        table, whole = self.table, f"{self.table}_whole"
        _in_one(
            schema_editor,
            f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
            f"CREATE TABLE {whole} (LIKE {table} INCLUDING DEFAULTS INCLUDING STORAGE"
            " INCLUDING CONSTRAINTS)",
            f"INSERT INTO {whole} SELECT * FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {whole} RENAME TO {table}",
            *self._keys(),
        )

    def describe(self) -> str:
        return f"Cut {self.table} by time"

    def _keys(self) -> list[str]:
        table = self.table
        return [
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (id, shop_id)",
            (
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_shop_id_fk FOREIGN KEY (shop_id)"
                " REFERENCES shops_shop (id) DEFERRABLE INITIALLY DEFERRED"
            ),
            *(f"CREATE INDEX {name} ON {table} {on}" for name, on in self.indexes.items()),
        ]


def _in_one(editor: BaseDatabaseSchemaEditor, *statements: str) -> None:
    with transaction.atomic(editor.connection.alias):
        for statement in statements:
            editor.execute(statement)
