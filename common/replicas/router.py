"""Which server Django's own queries go to."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from common.replicas.reading import note_writing, reading_alias
from common.replicas.servers import PREFIX

READ_ANYWHERE = {
    "analytics",
    "campaigns",
    "claims",
    "engagement",
    "events",
    "orders",
    "shipments",
}
"""Apps whose rows may come from a replica. Who may do what (people, keys, sessions), and what is to
be done (jobs, webhooks, mails), is always asked of the primary."""


class ReplicaRouter:
    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return reading_alias() if model._meta.app_label in READ_ANYWHERE else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **_hints: Any) -> str:
        if model._meta.app_label in READ_ANYWHERE:
            note_writing()
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_rows: Any, **_hints: Any) -> bool:
        """All servers hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        return False if db.startswith(PREFIX) else None
