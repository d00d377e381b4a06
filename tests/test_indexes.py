"""Indexes that are built beside the traffic, also where an earlier attempt was cut short."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState
from django.db.utils import IntegrityError

from common.indexes import AddIndexQuietly
from tests.factories import make_shop

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "shop_by_name_for_a_test"
ADDING = AddIndexQuietly("shop", models.Index("name", name=NAME))


@pytest.fixture(autouse=True)
def no_index_is_left(transactional_db: None) -> Iterator[None]:
    yield
    run(f"DROP INDEX IF EXISTS {NAME}")


def run(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def add() -> None:
    before = ProjectState.from_apps(apps)
    after = before.clone()
    ADDING.state_forwards("shops", after)
    with connection.schema_editor(atomic=False) as editor:
        ADDING.database_forwards("shops", editor, before, after)


def validity() -> list[tuple[object, ...]]:
    return run(
        f"SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = '{NAME}'::regclass"
    )


def test_half_an_index_is_built_anew() -> None:
    for slug in ("first", "second"):
        make_shop(slug=slug, name="twice")
    with pytest.raises(IntegrityError):
        run(f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON shops_shop (name)")
    assert validity() == [(False, True)]

    add()

    assert validity() == [(True, False)]


def test_one_that_is_there_stays() -> None:
    add()
    [(before,)] = run(f"SELECT '{NAME}'::regclass::oid")

    add()

    assert run(f"SELECT '{NAME}'::regclass::oid") == [(before,)]


def test_what_others_wait_for_is_limited_as_before() -> None:
    run("SET lock_timeout = '3s'")

    add()

    assert run("SHOW lock_timeout") == [("3s",)]
    run("RESET lock_timeout")
