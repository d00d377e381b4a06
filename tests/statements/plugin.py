"""Fails a test while which the product sent a statement that names a shop's table without its shop.

A pytest plugin, loaded by tests/conftest.py for the whole session.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from tests.statements.exceptions import LOCAL_TABLES
from tests.statements.parse_tree import Reader
from tests.statements.watch import Watch, watching

KEPT = pytest.StashKey[Watch]()


def tenant_tables() -> frozenset[str]:
    """Of every model that says whose a row is; a shop that may be missing makes none."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.db_table not in LOCAL_TABLES
        and any(
            isinstance(field, models.ForeignKey)
            and field.column == "shop_id"
            and not field.null
            and model._meta.app_label != "shops"
            for field in model._meta.concrete_fields
        )
    )


def reader_of(database: Any) -> Reader:
    """A session beside Django's, in the same database."""
    known = database.get_connection_params()
    wanted = ("host", "port", "dbname", "user", "password")
    return Reader(**{name: known[name] for name in wanted if known.get(name)})


@pytest.fixture(scope="session", autouse=True)
def watched_statements(request: pytest.FixtureRequest) -> Iterator[None]:
    if not any(item.get_closest_marker("django_db") for item in request.session.items):
        yield
        return
    request.getfixturevalue("django_db_setup")
    reader = reader_of(connection)
    database = connection.get_connection_params()["dbname"]
    watch = request.config.stash[KEPT] = Watch(database, tenant_tables(), reader)
    try:
        yield from watching(watch)
    finally:
        reader.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    watch = item.config.stash.get(KEPT, None)
    if watch is not None:
        watch.found.clear()
    yield
    if watch is not None and watch.found:
        pytest.fail("\n".join(dict.fromkeys(watch.found)), pytrace=False)
