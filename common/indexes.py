"""Indexes in migrations, built and removed without locking anybody out.

Elsewhere than in a transaction, that is: a database that is new is filled in one
(`karla_portal.prepare`), and there is nobody to be locked out. What was cut short is done anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex, RemoveIndex


class AddIndexQuietly(AddIndexConcurrently):
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.in_atomic_block:
            AddIndex.database_forwards(self, app_label, schema_editor, *states)
            return
        with unhurried(schema_editor):
            if not _is_there(schema_editor, str(self.index.name)):
                super().database_forwards(app_label, schema_editor, *states)


class RemoveIndexQuietly(RemoveIndexConcurrently):
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.in_atomic_block:
            RemoveIndex.database_forwards(self, app_label, schema_editor, *states)
            return
        with unhurried(schema_editor):
            super().database_forwards(app_label, schema_editor, *states)


@contextmanager
def unhurried(editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """What is done CONCURRENTLY waits for all who began before, however long they take: meanwhile
    nobody waits for it."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        [limit] = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0")
    try:
        yield
    finally:
        with editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [limit])


def _is_there(editor: BaseDatabaseSchemaEditor, name: str) -> bool:
    """Whether an earlier attempt has built it; half of one is removed."""
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid AND indisready FROM pg_index WHERE indexrelid = to_regclass(%s)",
            [editor.quote_name(name)],
        )
        is_whole = next(iter(cursor.fetchone() or ()), None)
    if is_whole is False:
        editor.execute(f"DROP INDEX CONCURRENTLY {editor.quote_name(name)}")
    return is_whole is True
