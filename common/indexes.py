"""Indexes in migrations, built and removed without locking anybody out.

Elsewhere than in a transaction, that is: a database that is new is filled in one
(`karla_portal.prepare`), and there is nobody to be locked out.
"""

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
        else:
            super().database_forwards(app_label, schema_editor, *states)


class RemoveIndexQuietly(RemoveIndexConcurrently):
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.in_atomic_block:
            RemoveIndex.database_forwards(self, app_label, schema_editor, *states)
        else:
            super().database_forwards(app_label, schema_editor, *states)
