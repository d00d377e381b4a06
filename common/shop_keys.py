"""Keys of shops' rows in migrations: composite, so that the database itself keeps shops apart.

Django goes on believing that `id` is the primary key. In the database it is `(id, shop_id)`, and a
reference within a shop is `(order_id, shop_id) REFERENCES orders_order (id, shop_id)`: one index
serves the look-up by id and the reference. On a table in use neither locks anybody out for long:
the index is built beside it, references are added unchecked and then looked over. That is no one
transaction: cut short, it goes on with the next `migrate` where it was.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from common.indexes import unhurried


class _InDatabase(Operation):
    """Changes the database and nothing that Django knows of."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass


class PrimaryKeyWithShop(_InDatabase):
    """Make `(id, shop_id)` the primary key of a table; nothing may refer to its `id` alone."""

    def __init__(self, table: str) -> None:
        self.table = table

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        replace_key(schema_editor, self.table, "id, shop_id")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        replace_key(schema_editor, self.table, "id")

    def describe(self) -> str:
        return f"Make (id, shop_id) the primary key of {self.table}"


class ReferenceInShop(_InDatabase):
    """Have the database refuse a row whose `column` is no row of `target` in the same shop.

    `empties` it instead of refusing when that row is deleted by a statement that knows of no other.
    """

    def __init__(self, table: str, column: str, target: str, *, empties: bool = False) -> None:
        self.table, self.column, self.target, self.empties = table, column, target, empties

    @property
    def name(self) -> str:
        return f"{self.table}_{self.column}_in_shop"

    @property
    def definition(self) -> str:
        """As PostgreSQL writes it."""
        action = f" ON DELETE SET NULL ({self.column})" if self.empties else ""
        return (
            f"FOREIGN KEY ({self.column}, shop_id) REFERENCES {self.target}(id, shop_id)"
            f"{action} DEFERRABLE INITIALLY DEFERRED"
        )

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        add = f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} {self.definition}"
        if schema_editor.connection.in_atomic_block:
            schema_editor.execute(add)
            return
        schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT IF EXISTS {self.name}")
        schema_editor.execute(f"{add} NOT VALID")
        schema_editor.execute(f"ALTER TABLE {self.table} VALIDATE CONSTRAINT {self.name}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT IF EXISTS {self.name}")

    def describe(self) -> str:
        return f"Keep {self.table}.{self.column} within the shop"


def replace_key(editor: BaseDatabaseSchemaEditor, table: str, columns: str) -> None:
    quietly = "" if editor.connection.in_atomic_block else "CONCURRENTLY"
    key, beside = f"{table}_pkey", f"{table}_next_pkey"
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
            " AND conrelid = %s::regclass",
            [key, table],
        )
        if cursor.fetchone() == (f"PRIMARY KEY ({columns})",):
            return
    editor.execute(f"DROP INDEX IF EXISTS {beside}")  # of an attempt that was cut short
    with unhurried(editor):
        editor.execute(f"CREATE UNIQUE INDEX {quietly} {beside} ON {table} ({columns})")
    editor.execute(
        f"ALTER TABLE {table} DROP CONSTRAINT {key}, "
        f"ADD CONSTRAINT {key} PRIMARY KEY USING INDEX {beside}"
    )
