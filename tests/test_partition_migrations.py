"""A table that is full is cut without a copy, with all that hangs on it, and made whole again."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from common import partition_migrations
from common.ids import new_id
from common.partition_migrations import CutByTime
from common.partitions import Span
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

PROBE = """
    CREATE TABLE probe (id uuid, shop_id uuid NOT NULL REFERENCES shops_shop (id),
        order_id uuid NOT NULL, number int CHECK (number >= 0), was_told bool DEFAULT false,
        CONSTRAINT probe_pkey PRIMARY KEY (id, shop_id),
        CONSTRAINT probe_once UNIQUE NULLS NOT DISTINCT (shop_id, order_id, number));
    CREATE INDEX probe_untold ON probe (shop_id) WHERE NOT was_told;
    CREATE FUNCTION probe_tell() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.was_told = true; RETURN NEW; END';
    CREATE TRIGGER probe_told BEFORE UPDATE ON probe FOR EACH ROW
        WHEN (NEW.number > 5) EXECUTE FUNCTION probe_tell();
"""
ROWS = 10


def found(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def what_hangs_on_it() -> list[tuple]:
    return found("""
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid = 'probe'::regclass AND contype <> 'n'
        UNION ALL SELECT relname, replace(pg_get_indexdef(oid), ' ON ONLY ', ' ON ')
          FROM pg_class JOIN pg_index ON indexrelid = oid WHERE indrelid = 'probe'::regclass
        UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
         WHERE tgrelid = 'probe'::regclass AND NOT tgisinternal
        ORDER BY 1, 2
    """)


def test_a_full_table_is_cut_without_a_copy_and_made_whole_again() -> None:
    operation, shop = CutByTime("probe", span=Span.MONTH, key="order_id"), make_shop()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(PROBE)
        cursor.executemany(
            "INSERT INTO probe (id, shop_id, order_id) VALUES (%s, %s, %s)",
            [(new_id(), shop.id, new_id()) for _ in range(ROWS)],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = what_hangs_on_it()
    [(file,)] = found("SELECT pg_relation_filenode('probe')")

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("common", editor)
        operation.database_forwards("common", editor)  # cut short before it was recorded
    assert found("SELECT pg_relation_filenode('probe_before'), count(*) FROM probe") == [
        (file, ROWS)
    ]
    pieces_of_indexes = found("""
        SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
          JOIN pg_class AS parent ON parent.oid = inhparent WHERE parent.relname IN
               ('probe_pkey', 'probe_once', 'probe_untold') AND child.relname LIKE '%_before'
         ORDER BY 1
    """)
    assert pieces_of_indexes == [
        ("probe_once_before",),
        ("probe_pkey_before",),
        ("probe_untold_before",),
    ]
    assert found("UPDATE probe SET number = 6 RETURNING was_told") == [(True,)] * ROWS

    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("common", editor)
    assert what_hangs_on_it() == before
    assert found("SELECT count(*) FROM probe") == [(ROWS,)]


class Interrupted(Exception):
    pass


class BreakingEditor(DatabaseSchemaEditor):
    """Ends before each statement that nobody came to yet; one that is killed takes nothing back."""

    def __init__(self, reached: set[str], *, is_killed: bool) -> None:
        super().__init__(connection, atomic=False)
        self.reached, self.is_killed, self.has_ended = reached, is_killed, False

    def execute(self, sql, params=()):
        if str(sql) not in self.reached or (self.has_ended and self.is_killed):
            self.reached.add(str(sql))
            self.has_ended = True
            raise Interrupted
        super().execute(sql, params)


@pytest.fixture
def probe() -> Iterator[None]:
    shop = make_shop()
    with connection.cursor() as cursor:
        cursor.execute(PROBE)
        cursor.execute(
            "INSERT INTO probe (id, shop_id, order_id) VALUES (%s, %s, %s)",
            [new_id(), shop.id, new_id()],
        )
        yield
        cursor.execute("DROP TABLE probe; DROP FUNCTION probe_tell")


def cut_until_it_is_interrupted(reached: set[str], *, is_killed: bool) -> bool:
    try:
        with BreakingEditor(reached, is_killed=is_killed) as editor:
            CutByTime("probe", span=Span.MONTH, key="order_id").database_forwards("common", editor)
    except Interrupted:
        return True
    return False


def checks_left() -> list[tuple]:
    return found("""
        SELECT convalidated FROM pg_constraint WHERE contype = 'c' AND conname LIKE '%_before'
    """)


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.django_db(transaction=True)
def test_cut_short_before_any_statement_it_leaves_a_table_to_write_to_and_goes_on(
    probe, is_killed
) -> None:
    reached: set[str] = set()
    left = []
    while cut_until_it_is_interrupted(reached, is_killed=is_killed):
        left += checks_left()
        assert found("SELECT count(*) FROM probe") == [(1,)]
    assert len(reached) > 20
    # Only what was killed leaves a check: one that is not looked over yet is looked over anew.
    assert set(left) == ({(False,), (True,)} if is_killed else set())
    assert checks_left() == []
    assert found("SELECT relkind FROM pg_class WHERE relname = 'probe'") == [("p",)]
    assert found("SELECT count(*) FROM probe_before") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_long_transaction_makes_it_give_up_and_say_what_it_left(probe, monkeypatch) -> None:
    monkeypatch.setattr(partition_migrations, "PAUSES", (0, 0))
    reached: set[str] = set()
    while (True,) not in checks_left():
        assert cut_until_it_is_interrupted(reached, is_killed=True)
    operation = CutByTime("probe", span=Span.MONTH, key="order_id")
    reader = connection.copy()
    try:
        reader.set_autocommit(False)
        reader.cursor().execute("SELECT FROM probe")
        with (
            connection.schema_editor(atomic=False) as editor,
            pytest.raises(OperationalError, match="in use all the time") as error,
        ):
            operation.database_forwards("common", editor)
    finally:
        reader.rollback()
        reader.close()
    assert error.value.__cause__ is None  # nor does `migrate` try again
    assert "The check probe_before is still there" in error.value.__notes__[0]

    with (
        connection.schema_editor(atomic=False) as editor,
        CaptureQueriesContext(connection) as asked,
    ):
        operation.database_forwards("common", editor)
    assert [query for query in asked.captured_queries if "VALIDATE" in query["sql"]] == []
    assert checks_left() == []
    assert found("SELECT count(*) FROM probe_before") == [(1,)]
