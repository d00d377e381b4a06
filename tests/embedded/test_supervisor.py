"""`make run`, the whole product: starts, refuses, stops, is killed, starts again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.services import postgres_url
from karla_portal.readiness import what_is_missing
from tests.embedded.patience import eventually
from tests.embedded.population import kill_all_on, processes_on

HOST = "127.0.0.1"
NAMED_SERVERS = {"DATABASE_URL", "BROKER_URL", "CACHE_URL"}


@pytest.fixture
def port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def start(data_dir: Path, port: int) -> subprocess.Popen[str]:
    """The program that `make run` executes."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMED_SERVERS}
    return subprocess.Popen(
        [sys.executable, "-m", "karla_portal.supervisor"],
        cwd=PROJECT,
        env=environment | {"DATA_DIR": str(data_dir), "HOST": HOST, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def ready(data_dir: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """It, once /readyz says so; what is left of it in the end is killed."""
    with start(data_dir, port) as process:
        try:
            eventually(lambda: process.poll() or what_is_missing(HOST, port) is None, within=30)
            assert process.poll() is None, process.communicate()[0]
            yield process
        finally:
            kill_all_on(data_dir)


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with start(tmp_path, port) as process:
            output, _ = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"Cannot listen on {HOST}, port {port}: Address already in use" in output
    assert not (tmp_path / "postgresql").exists()


@pytest.mark.slow
def test_it_starts_refuses_a_second_one_and_stops_cleanly(tmp_path: Path, port: int) -> None:
    with ready(tmp_path, port) as first:
        with start(tmp_path, port) as second:
            refusal, _ = second.communicate(timeout=10)
        assert second.returncode == 1
        assert f"as process {first.pid}" in refusal

        first.send_signal(signal.SIGINT)
        output, _ = first.communicate(timeout=30)
        assert first.returncode == 0, output
        assert output.endswith("Stopped.\n")
        eventually(lambda: processes_on(tmp_path) == [], within=1)


@pytest.mark.slow
def test_killed_it_leaves_nothing_and_starts_again_with_its_data(tmp_path: Path, port: int) -> None:
    with ready(tmp_path, port) as process:
        with psycopg.connect(postgres_url(tmp_path)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        process.kill()
        eventually(lambda: processes_on(tmp_path) == [])
    with ready(tmp_path, port), psycopg.connect(postgres_url(tmp_path)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


@pytest.mark.slow
def test_one_process_that_dies_stops_all_and_is_named(tmp_path: Path, port: int) -> None:
    with ready(tmp_path, port) as process:
        next(child for child in processes_on(tmp_path) if "beat" in child.cmdline()).kill()
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "The beat process ended by itself (exit code -9)" in output
        assert str(tmp_path / "logs" / "beat.log") in output
        eventually(lambda: processes_on(tmp_path) == [], within=1)
