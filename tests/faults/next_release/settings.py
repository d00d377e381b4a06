"""The product as a later version might be: with migrations that this one knows nothing of."""

from karla_portal.settings import *  # noqa: F403

MIGRATION_MODULES = {"orders": "tests.faults.next_release.orders_migrations"}
