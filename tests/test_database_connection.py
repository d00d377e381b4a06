"""A connection to a database that went away: the next request gets a new one."""

import psycopg
import pytest
from django.db import DatabaseError, connection

pytestmark = pytest.mark.django_db(transaction=True)


def is_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def end_session() -> None:
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    parameters = connection.get_connection_params()
    names = {"host", "port", "user", "dbname"}
    with psycopg.connect(**{name: parameters[name] for name in names & parameters.keys()}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_one_that_was_closed_by_the_server_is_replaced() -> None:
    end_session()
    assert not connection.is_usable()
    connection.close_if_unusable_or_obsolete()
    assert is_one()


def test_one_that_a_request_found_broken_is_replaced() -> None:
    end_session()
    with pytest.raises(DatabaseError):
        is_one()
    connection.errors_occurred = True
    connection.close_if_unusable_or_obsolete()
    assert is_one()
