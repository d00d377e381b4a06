"""What needs a session of the database beyond a transaction: locks that outlive it, migrations.

Where a pool hands out sessions for one transaction each (`DATABASE_SESSION_URL`), these go to
PostgreSQL itself.
"""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

SESSION_ALIAS = "session"


def is_pooled() -> bool:
    """Whether what is set on a session is somebody else's with the next transaction."""
    return SESSION_ALIAS in connections.settings


def session_alias() -> str:
    return SESSION_ALIAS if is_pooled() else DEFAULT_DB_ALIAS


def session_connection() -> BaseDatabaseWrapper:
    return connections[session_alias()]
