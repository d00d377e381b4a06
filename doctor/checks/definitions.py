"""What migrations made in the database is still there: a restore that was cut short leaves out keys
and triggers, and says nothing of it afterwards."""

from collections.abc import Iterator
from typing import Any

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
INDEXES = {("auditlog_logentry", "edit_of_shop")}
"""Those that migrations made in SQL, which no model names."""

Definition = tuple[str, str, str]
"""Kind, table and name. What Django names itself goes by its columns."""


def _missing() -> Iterator[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        found: set[Definition] = set(cursor.fetchall())
    for kind, table, name in sorted(expected() - found):
        if ("table", table, table) in found:
            yield Trouble(
                subject=f"{kind} {table} {name}", label=name, detail=f"{kind} of {table} is missing"
            )
        elif kind == "table":
            yield Trouble(subject=f"table {table}", label=table, detail="is missing altogether")


def expected() -> set[Definition]:
    managed = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    return {
        *(("trigger", table, name) for table, name in TRIGGERS),
        *(("index", table, name) for table, name in INDEXES),
        *(definition for model in managed for definition in _of(model)),
    }


def _of(model: type[models.Model]) -> Iterator[Definition]:
    table = model._meta.db_table
    yield "table", table, table
    yield "primary key", table, "primary key"
    for one in model._meta.indexes:
        yield "index", table, one.name
    for constraint in model._meta.constraints:
        is_unique = isinstance(constraint, models.UniqueConstraint)
        yield "index" if is_unique else "constraint", table, constraint.name
    columns = {field.name: str(field.column) for field in model._meta.local_concrete_fields}
    for names in model._meta.unique_together:
        yield "unique key", table, ", ".join(columns[name] for name in names)
    for field in model._meta.local_concrete_fields:
        for kind in _kinds_of(field):
            yield kind, table, columns[field.name]


def _kinds_of(field: "models.Field[Any, Any]") -> Iterator[str]:
    """What Django makes for the field alone."""
    if isinstance(field, models.ForeignKey) and _is_checked(field):
        yield "reference"
    is_indexed: bool = field.db_index  # type: ignore[attr-defined]  # not in the stubs
    if field.unique and not field.primary_key:
        yield "unique key"
    if is_indexed and not field.unique:
        yield "plain index"
    is_text = str(field.db_type(connection)).startswith(("varchar", "text"))
    if is_text and (field.unique or is_indexed):
        yield "pattern index"  # for LIKE


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
    SELECT CASE WHEN indisunique THEN 'unique key'
                WHEN opcname IN ('varchar_pattern_ops', 'text_pattern_ops') THEN 'pattern index'
                ELSE 'plain index' END, relname, columns
      FROM pg_index
      JOIN pg_class ON pg_class.oid = indrelid
      JOIN pg_opclass ON pg_opclass.oid = indclass[0]
     CROSS JOIN LATERAL (
       SELECT string_agg(attname, ', ' ORDER BY place) AS columns
         FROM unnest(indkey) WITH ORDINALITY AS key(number, place)
         JOIN pg_attribute ON attrelid = indrelid AND attnum = number
     ) AS of_columns
     WHERE indpred IS NULL AND indexprs IS NULL AND NOT indisprimary
       AND relnamespace = current_schema()::regnamespace
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
