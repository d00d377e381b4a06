"""The embedded servers: real ones, on data folders of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from kombu import Connection

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.postgres import Postgres
from karla_portal.embedded.server import ServerError
from karla_portal.embedded.services import broker_url, cache_url, postgres_url, running
from karla_portal.embedded.sockets import make_private
from tests.embedded.patience import eventually
from tests.embedded.population import kill_all_on, processes_on

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from karla_portal.embedded.services import running
with running(Path(sys.argv[1]), valkey=False):
    print("up", flush=True)
    sys.stdin.readline()
"""


def query(data_dir: Path, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(postgres_url(data_dir), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def another_user_of(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses PostgreSQL until it reads a line."""
    with subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD, data_dir],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "up\n"
        yield user


def test_they_answer_at_their_addresses(tmp_path: Path) -> None:
    with running(tmp_path):
        assert query(tmp_path, "SELECT current_user, current_database(), 1") == [
            ("karla", "karla", 1)
        ]
        with closing(redis.Redis.from_url(cache_url(tmp_path))) as cache:
            assert cache.ping()
        with Connection(broker_url(tmp_path)) as broker:
            broker.ensure_connection(max_retries=1)
    assert processes_on(tmp_path) == []


def test_data_survive_a_clean_stop(tmp_path: Path) -> None:
    with running(tmp_path):
        query(tmp_path, "CREATE TABLE kept AS SELECT 1 AS number")
        with closing(redis.Redis.from_url(cache_url(tmp_path))) as cache:
            cache.set("kept", "1")
    with running(tmp_path):
        assert query(tmp_path, "SELECT number FROM kept") == [(1,)]
        with closing(redis.Redis.from_url(cache_url(tmp_path))) as cache:
            assert cache.get("kept") == b"1"


def test_committed_rows_survive_kill_9_of_everything(tmp_path: Path) -> None:
    with running(tmp_path, valkey=False):
        query(tmp_path, "CREATE TABLE kept AS SELECT 1 AS number")
        kill_all_on(tmp_path)
        with running(tmp_path, valkey=False):
            assert query(tmp_path, "SELECT number FROM kept") == [(1,)]


def test_the_server_outlives_whoever_started_it_while_others_use_it(tmp_path: Path) -> None:
    with another_user_of(tmp_path) as first, another_user_of(tmp_path) as second:
        started_at = query(tmp_path, "SELECT pg_postmaster_start_time()")
        first.communicate("done\n", timeout=60)
        assert query(tmp_path, "SELECT pg_postmaster_start_time()") == started_at
        second.communicate("done\n", timeout=60)
    assert processes_on(tmp_path) == []


def test_a_killed_user_leaves_no_server_behind(tmp_path: Path) -> None:
    with another_user_of(tmp_path) as user:
        user.kill()
    eventually(lambda: processes_on(tmp_path) == [])


def test_a_killed_keeper_takes_its_server_along(tmp_path: Path) -> None:
    with running(tmp_path, valkey=False):
        next(process for process in processes_on(tmp_path) if process.name() != "postgres").kill()
        eventually(lambda: processes_on(tmp_path) == [])


def test_a_folder_too_deep_for_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("a folder with a long name " * 6).strip()
    with running(deep):
        assert query(deep, "SELECT 1") == [(1,)]
        with closing(redis.Redis.from_url(cache_url(deep))) as cache:
            assert cache.ping()


def test_a_dead_servers_number_that_is_somebody_elses_by_now(tmp_path: Path) -> None:
    with running(tmp_path, valkey=False):
        pid_file = Postgres(tmp_path).cluster / "postmaster.pid"
        stale = pid_file.read_text().partition("\n")
    pid_file.write_text(f"{os.getppid()}\n{stale[2]}")
    with running(tmp_path, valkey=False):
        assert query(tmp_path, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with running(tmp_path, valkey=False):
        version = Postgres(tmp_path).cluster / "PG_VERSION"
    version.write_text("9.6\n")
    with (
        pytest.raises(ServerError, match="initialized by PostgreSQL version 9"),
        running(tmp_path, valkey=False),
    ):
        pass


def test_an_interrupted_initdb_is_started_over(tmp_path: Path) -> None:
    half = tmp_path / "postgresql" / "initdb-half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").touch()
    with running(tmp_path, valkey=False):
        assert query(tmp_path, "SELECT 1") == [(1,)]
    assert not half.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 4242, -1)
    with pytest.raises(PermissionError, match="belongs to user 4242"):
        make_private(theirs, os.geteuid())
