"""The plan for a Citus cluster, looked at on plain PostgreSQL: nothing here ran on Citus."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from shops.distribution import EVERYWHERE, FIRST, QUEUES, plan, references, sharded_tables

pytestmark = pytest.mark.django_db


def planned() -> list[str]:
    with connection.cursor() as cursor:
        return list(plan(references(cursor)))


def printed(*arguments: str) -> str:
    output = StringIO()
    call_command("distribute", *arguments, stdout=output)
    return output.getvalue()


def test_plain_postgresql_is_left_as_it_is() -> None:
    before = planned()
    assert printed() == "Plain PostgreSQL: nothing to distribute.\n"
    assert planned() == before


def test_a_dry_run_prints_the_plan() -> None:
    assert printed("--dry-run") == ";\n".join(planned()) + ";\n"


def test_every_table_of_shops_is_sharded_or_a_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'shop_id'"
            " AND c.relname NOT LIKE 'shops\\_%'"
        )
        found = {name for (name,) in cursor.fetchall()}
    assert found == set(sharded_tables()) | QUEUES


def test_tables_lie_where_rows_are_read_together() -> None:
    laid = [s for s in planned() if "create_" in s]
    assert laid[:2] == [f"SELECT create_reference_table('{table}')" for table in EVERYWHERE]
    assert f"'{FIRST}', 'shop_id', colocate_with => 'none'" in laid[2]
    assert all(f"colocate_with => '{FIRST}'" in statement for statement in laid[3:])
    assert len(laid) == len(EVERYWHERE) + len(sharded_tables())


def test_references_go_before_tables_move_and_come_back_after() -> None:
    order = ["SET LOCAL", " DROP CONSTRAINT ", " create_", " ADD CONSTRAINT "]
    kinds = [next(n for n, kind in enumerate(order) if kind in said) for said in planned()]
    assert kinds == sorted(kinds)


def test_no_reference_is_added_that_citus_has_not() -> None:
    sharded = {*sharded_tables()}
    added = [s for s in planned() if " ADD CONSTRAINT " in s]
    for statement in added:
        table = re.match(r"ALTER TABLE (\w+)", statement)[1]
        target = re.search(r"REFERENCES (\w+)", statement)[1]
        assert table in sharded or table in EVERYWHERE
        assert target in {*sharded, *EVERYWHERE}
        assert "shop_id" in statement or table in EVERYWHERE
    assert any("shipments_shipment_order_id_in_shop" in statement for statement in added)


def test_the_order_of_statements_holds_on_postgresql_with_stand_ins_for_citus() -> None:
    """Every reference is dropped and added again as PostgreSQL itself writes it."""
    with connection.cursor() as cursor:
        for statement in planned():
            if "create_" not in statement and not statement.startswith("SET"):
                cursor.execute(statement)
