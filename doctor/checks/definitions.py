"""What migrations made in the database is still there: a restore that was cut short leaves out keys
and triggers, and says nothing of it afterwards."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from doctor.check import InstallationCheck, Trouble
from shops.foreign_key import ForeignKeyInShop
from webhooks.models import Attempt

COUNTED = (
    "campaigns_attribution",
    "claims_claim",
    "engagement_pageaction",
    "engagement_rating",
    "orders_order",
    "shipments_scan",
    "shipments_shipment",
)
"""Tables whose changes mark the numbers that they concern."""
TRIGGERS = {
    ("orders_order", "analytics_moved"),
    *(
        (table, f"analytics_{done}")
        for table in COUNTED
        for done in ("inserted", "updated", "deleted", "truncated")
    ),
}


def _missing() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        found = {(kind, table, name) for kind, table, name in cursor.fetchall()}
    for kind, table, name in sorted(_expected() - found):
        if ("table", table, table) in found:
            yield Trouble(
                subject=f"{kind} {table} {name}", label=name, detail=f"{kind} of {table} is missing"
            )
        elif kind == "table":
            yield Trouble(subject=f"table {table}", label=table, detail="is missing altogether")


def _expected() -> set[tuple[str, str, str]]:
    """Kind, table and name of each; a reference goes by its column."""
    models_of_ours = [one for one in apps.get_models() if one._meta.managed]
    return {
        *(("trigger", table, name) for table, name in TRIGGERS),
        *(definition for model in models_of_ours for definition in _of(model)),
    }


def _of(model: type[models.Model]) -> Iterator[tuple[str, str, str]]:
    table = model._meta.db_table
    yield "table", table, table
    yield "primary key", table, "primary key"
    for one in model._meta.indexes:
        yield "index", table, one.name
    for constraint in model._meta.constraints:
        is_unique = isinstance(constraint, models.UniqueConstraint)
        yield "index" if is_unique else "constraint", table, constraint.name
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and _is_checked(field):
            yield "reference", table, str(field.column)


def _is_checked(field: "models.ForeignKey[models.Model, models.Model]") -> bool:
    """Attempts may outlive their delivery."""
    if isinstance(field, ForeignKeyInShop):
        return field.model is not Attempt
    is_checked: bool = field.db_constraint  # type: ignore[attr-defined]  # not in the stubs
    return is_checked


_FOUND = """
    SELECT 'table', relname, relname FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
     UNION ALL
    SELECT 'index', tables.relname, indexes.relname FROM pg_index
      JOIN pg_class AS tables ON tables.oid = indrelid
      JOIN pg_class AS indexes ON indexes.oid = indexrelid
     WHERE tables.relnamespace = current_schema()::regnamespace
     UNION ALL
    SELECT CASE contype WHEN 'p' THEN 'primary key' ELSE 'constraint' END, relname,
           CASE contype WHEN 'p' THEN 'primary key' ELSE conname END
      FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
     WHERE relnamespace = current_schema()::regnamespace
     UNION ALL
    SELECT 'reference', relname, attname
      FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
      JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)
     WHERE contype = 'f' AND relnamespace = current_schema()::regnamespace
     UNION ALL
    SELECT 'trigger', relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
"""

DEFINITIONS = InstallationCheck(
    name="definitions",
    title="Every table, key, constraint, index and trigger that migrations made is there",
    means="The database takes what it should refuse, is slow, or numbers miss changes.",
    advice="Was a restore cut short? Restore again, into an empty database, and read what "
    "pg_restore says. What was dropped by hand is in `manage.py sqlmigrate` of its migration.",
    ask=_missing,
)
