"""A connection to a database that went away: the next request gets a new one."""

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection

from common.postgresql.driver import Connection
from common.postgresql.reach import Reach

pytestmark = pytest.mark.django_db(transaction=True)


def is_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def own_session() -> int:
    connection.ensure_connection()
    pid: int = connection.connection.info.backend_pid
    return pid


def end_session(pid: int) -> None:
    parameters = connection.get_connection_params()
    names = {"host", "port", "user", "dbname"}
    with psycopg.connect(**{name: parameters[name] for name in names & parameters.keys()}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_one_that_was_closed_by_the_server_is_replaced() -> None:
    end_session(own_session())
    assert not connection.is_usable()
    connection.close_if_unusable_or_obsolete()
    assert is_one()


@pytest.mark.parametrize("kind", ["cursor", "prepared_cursor", "raw_cursor"])
def test_a_request_s_first_statement_of_any_kind_meets_none_that_is_gone(kind: str) -> None:
    end_session(own_session())
    connection.close_if_unusable_or_obsolete()  # as every request begins
    with getattr(connection, kind)() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone()


def test_one_that_a_request_found_broken_is_replaced() -> None:
    end_session(own_session())
    with pytest.raises(DatabaseError):
        is_one()
    connection.errors_occurred = True
    connection.close_if_unusable_or_obsolete()
    assert is_one()


def test_one_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pid = own_session()
    monkeypatch.setattr(Connection, "patience", 0.1)
    with pytest.raises(OperationalError, match="does not answer"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
    monkeypatch.undo()
    end_session(pid)  # the server would sleep on
    assert not connection.is_usable()
    connection.errors_occurred = True
    connection.close_if_unusable_or_obsolete()
    assert is_one()


def test_while_one_thread_tries_in_vain_the_others_are_refused_at_once() -> None:
    reach = Reach()
    with pytest.raises(psycopg.OperationalError, match="gone"):
        reach.connected(fail)

    def meanwhile() -> str:
        with pytest.raises(psycopg.OperationalError, match="another thread"):
            reach.connected(lambda: "not asked")
        return "connected"

    assert reach.connected(meanwhile) == "connected"
    assert reach.connected(lambda: reach.connected(lambda: "both")) == "both"


def fail() -> str:
    raise psycopg.OperationalError("gone")
