"""The rule by examples: what it takes for said, and what it does not."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.statements.exceptions import EXCEPTIONS
from tests.statements.parse_tree import Reader
from tests.statements.plugin import reader_of, tenant_tables
from tests.statements.shop_rule import relids, unsaid_tables
from tests.statements.watch import PROJECT

O, S, P = "orders_order", "shipments_shipment", "shops_shop"  # noqa: E741

SAID = {
    "a parameter": f"SELECT id FROM {O} WHERE shop_id = $1 AND id = $2",
    "one of several": f"SELECT id FROM {O} WHERE shop_id = ANY($1::uuid[])",
    "each of several": f"SELECT 1 FROM {O} WHERE (shop_id = $1 AND id = $2) OR shop_id = $3",
    "a join": f"SELECT 1 FROM {O} o JOIN {S} s ON s.order_id = o.id AND s.shop_id = o.shop_id"
    " WHERE o.shop_id = $1",
    "an outer join": f"SELECT 1 FROM {O} o LEFT JOIN {S} s USING (shop_id) WHERE o.shop_id = $1",
    "over the shop": f"SELECT 1 FROM {P} p JOIN {O} o ON o.shop_id = p.id WHERE p.id = $1",
    "a subquery": f"SELECT 1 FROM (SELECT shop_id FROM {O} WHERE shop_id = $1) q"
    f" JOIN {S} s ON s.shop_id = q.shop_id",
    "a correlated one": f"SELECT 1 FROM {O} o WHERE o.shop_id = $1"
    f" AND EXISTS (SELECT FROM {S} s WHERE s.shop_id = o.shop_id)",
    "a CTE": f"WITH q AS (SELECT shop_id FROM {O} WHERE shop_id = $1)"
    f" UPDATE {S} s SET position = 0 FROM q WHERE s.shop_id = q.shop_id",
    "a document": f"UPDATE {O} o SET currency = '' FROM jsonb_to_recordset($1::jsonb)"
    " AS sent(shop_id uuid, id uuid) WHERE o.shop_id = sent.shop_id AND o.id = sent.id",
    "in a subquery": f"SELECT 1 FROM {O} WHERE shop_id IN"
    f" (SELECT shop_id FROM {S} WHERE shop_id = $1)",
    "an insert": f"INSERT INTO {O} (id, shop_id) VALUES ($1, $2)",
    "each half": f"SELECT id FROM {O} WHERE shop_id = $1 UNION ALL"
    f" SELECT id FROM {S} WHERE shop_id = $1",
}
UNSAID = {
    "by id alone": (f"SELECT 1 FROM {O} WHERE id = $1", [O]),
    "an update by id": (f"UPDATE {O} SET currency = '' WHERE id = $1", [O]),
    "a deletion by id": (f"DELETE FROM {S} WHERE order_id = $1", [S]),
    "a join by id": (
        f"SELECT 1 FROM {O} o JOIN {S} s ON s.order_id = o.id WHERE o.shop_id = $1",
        [S],
    ),
    "the wrong side": (
        f"SELECT 1 FROM {O} o JOIN {S} s ON s.shop_id = s.shop_id WHERE o.shop_id = $1",
        [S],
    ),
    "one branch": (f"SELECT 1 FROM {O} WHERE shop_id = $1 OR id = $2", [O]),
    "not this shop": (f"SELECT 1 FROM {O} WHERE NOT shop_id = $1", [O]),
    "only within": (
        (
            f"SELECT 1 FROM {O} o WHERE EXISTS"
            f" (SELECT FROM {S} s WHERE s.shop_id = o.shop_id AND s.shop_id = $1)"
        ),
        [O],
    ),
    "a subquery without": (
        f"SELECT 1 FROM {O} o WHERE o.shop_id = $1 AND o.id IN (SELECT order_id FROM {S})",
        [S],
    ),
    "over the shop's slug": (
        f"SELECT 1 FROM {P} p JOIN {O} o ON o.shop_id = p.id WHERE p.slug = $1",
        [O],
    ),
    "an insert from": (
        f"INSERT INTO {O} (id, shop_id) SELECT id, shop_id FROM {S} WHERE id = $1",
        [S],
    ),
    "half of it": (
        f"SELECT id FROM {O} WHERE shop_id = $1 UNION ALL SELECT id FROM {S}",
        [S],
    ),
    "what was inserted before": (
        (
            f"INSERT INTO {O} (id, shop_id) VALUES ($1, $2) ON CONFLICT (id, shop_id) DO UPDATE"
            f" SET currency = (SELECT max(currency) FROM {O})"
        ),
        [O],
    ),
}


@pytest.fixture
def reader(db) -> Iterator[Reader]:
    reader = reader_of(connection)
    yield reader
    reader.close()


def unsaid(reader: Reader, statement: str) -> list[str]:
    (query,) = reader.queries(statement.encode())
    return unsaid_tables(query, reader.table_names(set(relids(query))), tenant_tables())


@pytest.mark.parametrize("statement", SAID.values(), ids=SAID)
def test_whose_rows_are_meant_is_said(reader, statement) -> None:
    assert unsaid(reader, statement) == []


@pytest.mark.parametrize(("statement", "tables"), UNSAID.values(), ids=UNSAID)
def test_whose_rows_are_meant_is_not_said(reader, statement, tables) -> None:
    assert unsaid(reader, statement) == tables


def test_tables_of_shops_are_found_by_their_models() -> None:
    assert {O, S, "events_event", "webhooks_attempt", "analytics_mark"} <= tenant_tables()
    assert not {P, "shops_user", "shops_membership"} & tenant_tables()


@pytest.mark.parametrize("place", EXCEPTIONS)
def test_every_exception_is_a_place_that_there_is(place) -> None:
    path, function = place.split("::")
    assert f"def {function}(" in (PROJECT / path).read_text()
