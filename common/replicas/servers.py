"""The replicas there are, by their aliases in settings.DATABASES."""

from django.db import connections

PREFIX = "replica"


def replica_aliases() -> list[str]:
    """In the order of DATABASE_REPLICA_URL."""
    return [alias for alias in connections.settings if alias.startswith(PREFIX)]
