"""How the tables lie on a Citus cluster: by shop, and in which order they get there.

Rows of one shop lie together. Shops and their organizations are on every machine. What workers take
from for all shops at once (`FOR UPDATE SKIP LOCKED` without a shop) stays on the coordinator, and
so do people and their memberships. No reference leads from one of the three kinds into the shards
but those of shards among themselves and to shops: Citus has no others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper

EVERYWHERE = ("shops_organization", "shops_shop")
FIRST = "orders_order"
"""The one that the others are laid beside."""
QUEUES = frozenset(
    {
        "claims_claimmail",
        "feeds_feedaddress",
        "feeds_plannedscan",
        "feeds_poll",
        "jobs_job",
        "jobs_jobrow",
        "notices_mail",
        "webhooks_attempt",
        "webhooks_delivery",
        "webhooks_message",
        "webhooks_replay",
        "webhooks_webhook",
    }
)


@dataclass(frozen=True, kw_only=True)
class Reference:
    name: str
    table: str
    target: str
    definition: str


def sharded_tables() -> list[str]:
    """Of every model that says whose a row is, the first one first."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label != "shops"
        and model._meta.db_table not in QUEUES
        and any(_names_the_shop(field) for field in model._meta.concrete_fields)
    ]
    return [FIRST, *sorted(set(tables) - {FIRST})]


def _names_the_shop(field: models.Field) -> bool:  # type: ignore[type-arg]
    return field.column == "shop_id" and not field.null


def has_citus(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
    return bool(cursor.fetchone()[0])


def is_distributed(cursor: CursorWrapper) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = %s::regclass)", [FIRST]
    )
    return bool(cursor.fetchone()[0])


def references(cursor: CursorWrapper) -> list[Reference]:
    """Every foreign key of the schema that concerns sharded tables or those that are everywhere."""
    concerned = [*sharded_tables(), *EVERYWHERE]
    cursor.execute(_REFERENCES, [concerned, concerned])
    return [
        Reference(name=name, table=table, target=target, definition=definition)
        for name, table, target, definition in cursor.fetchall()
    ]


def plan(found: Sequence[Reference]) -> Iterator[str]:
    """The statements that distribute the tables, for one transaction."""
    sharded = sharded_tables()
    yield "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"
    yield "SET LOCAL citus.enable_unsafe_triggers = on"
    for one in found:
        yield f'ALTER TABLE {one.table} DROP CONSTRAINT "{one.name}"'
    for table in EVERYWHERE:
        yield f"SELECT create_reference_table('{table}')"
    yield f"SELECT create_distributed_table('{FIRST}', 'shop_id', colocate_with => 'none')"
    for table in sharded[1:]:
        yield f"SELECT create_distributed_table('{table}', 'shop_id', colocate_with => '{FIRST}')"
    for one in found:
        if _may_stay(one, sharded):
            yield f'ALTER TABLE {one.table} ADD CONSTRAINT "{one.name}" {one.definition}'


def _may_stay(reference: Reference, sharded: Sequence[str]) -> bool:
    if reference.table in EVERYWHERE:
        return reference.target in EVERYWHERE
    return reference.table in sharded and reference.target in {*sharded, *EVERYWHERE}


_REFERENCES = """
    SELECT conname, conrelid::regclass::text, confrelid::regclass::text, pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE contype = 'f' AND conparentid = 0
       AND (conrelid::regclass::text = ANY(%s) OR confrelid::regclass::text = ANY(%s))
     ORDER BY 2, 1
"""
