"""The database itself keeps shops apart: keys hold the shop, and no reference leaves it."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import IntegrityError

from common.ids import new_id
from common.shop_keys import PrimaryKeyWithShop, ReferenceInShop
from shops.foreign_key import ForeignKeyInShop
from shops.models import User
from shops.tenancy import ShopRow
from tests.factories import make_shop

ROWS = [model for model in apps.get_models() if issubclass(model, ShopRow)]
TABLES = [model._meta.db_table for model in ROWS]
UNCHECKED = {("webhooks_attempt", "delivery_id")}
"""Looked at by the one statement that writes them (webhooks.outcomes)."""
EMPTIED = {("claims_claim", "shipment_id")}
CUT_BY = {"engagement_pageaction": "order_id"}
"""What a table is cut by is part of its key (common.partitions)."""

pytestmark = pytest.mark.django_db


def references() -> Iterator[ReferenceInShop]:
    for model in ROWS:
        for field in model._meta.concrete_fields:
            place = (model._meta.db_table, field.column)
            if isinstance(field, ForeignKeyInShop) and place not in UNCHECKED:
                target = field.related_model._meta.db_table
                yield ReferenceInShop(*place, target, empties=place in EMPTIED)


REFERENCES = {reference.name: reference for reference in references()}


def found(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@pytest.mark.parametrize("table", TABLES)
def test_the_primary_key_holds_the_shop(table) -> None:
    rows = found(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'p'",
        table,
    )
    columns = ["id", "shop_id", *filter(None, [CUT_BY.get(table)])]
    assert rows == [(f"PRIMARY KEY ({', '.join(columns)})",)]


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_unique_across_shops(table) -> None:
    rows = found(
        "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = %s::regclass"
        " AND i.indisunique AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid ="
        " i.indrelid AND a.attname = 'shop_id' AND a.attnum = ANY(i.indkey))",
        table,
    )
    assert rows == []


def test_every_reference_between_rows_of_shops_stays_in_the_shop() -> None:
    plain = {
        (model._meta.db_table, field.column)
        for model in ROWS
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not isinstance(field, ForeignKeyInShop)
        and not (field.related_model is User and not field.db_constraint)
    }
    assert plain == {(table, "shop_id") for table in TABLES}


@pytest.mark.parametrize("name", REFERENCES)
def test_the_reference_is_there_and_checked(name) -> None:
    rows = found(
        "SELECT pg_get_constraintdef(oid), convalidated FROM pg_constraint"
        " WHERE conname = %s AND contype = 'f' AND conparentid = 0",
        name,
    )
    assert rows == [(REFERENCES[name].definition, True)]


@pytest.mark.parametrize("name", REFERENCES)
def test_plain_sql_cannot_point_into_another_shop(name) -> None:
    reference = REFERENCES[name]
    own, other, parent = make_shop(), make_shop(), new_id()
    with transaction.atomic():
        drop_checks({reference.table, reference.target})
        insert(reference.target, id=parent, shop_id=own.id)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            insert_checked(reference, new_id(), shop_id=other.id, parent=parent)
        insert_checked(reference, new_id(), shop_id=own.id, parent=parent)
        transaction.set_rollback(True)


def test_a_migration_that_was_cut_short_goes_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE probe (id uuid PRIMARY KEY, shop_id uuid NOT NULL)")
        cursor.execute("CREATE TABLE points (probe_id uuid, shop_id uuid)")
    operations = [PrimaryKeyWithShop("probe"), ReferenceInShop("points", "probe_id", "probe")]
    with connection.schema_editor(atomic=False) as editor:
        for operation in operations:
            operation.database_forwards("shops", editor)
        operations[0].database_forwards("shops", editor)
        for operation in reversed(operations):
            operation.database_backwards("shops", editor)
    rows = found(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'probe'::regclass AND contype = 'p'"
    )
    assert rows == [("PRIMARY KEY (id)",)]


def drop_checks(tables: set[str]) -> None:
    """So that any row will do; what is deferred is not waited for."""
    for table, check in found(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid::regclass::text = ANY(%s)",
        list(tables),
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")


def insert_checked(reference: ReferenceInShop, row: UUID, *, shop_id: UUID, parent: UUID) -> None:
    insert(reference.table, id=row, shop_id=shop_id, **{reference.column: parent})
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {reference.name} IMMEDIATE")


def insert(table: str, **values: object) -> None:
    """A row of the smallest values that its columns take."""
    needed = found(
        "SELECT quote_ident(a.attname), format_type(a.atttypid, NULL) FROM pg_attribute a"
        " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND a.attnotnull AND NOT a.atthasdef"
        " AND NOT a.attisdropped AND a.attgenerated = ''",
        table,
    )
    columns = {name: SMALLEST[type_] for name, type_ in needed if name not in values}
    names = ", ".join([*columns, *values])
    slots = ", ".join([*columns.values(), *(["%s"] * len(values))])
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({slots})", list(values.values()))


SMALLEST = {
    "uuid": "gen_random_uuid()",
    "character varying": "''",
    "text": "''",
    "character varying[]": "'{}'",
    "text[]": "'{}'",
    "uuid[]": "'{}'",
    "jsonb": "'{}'",
    "bytea": "''",
    "boolean": "false",
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "numeric": "0",
    "date": "now()",
    "timestamp with time zone": "now()",
}
