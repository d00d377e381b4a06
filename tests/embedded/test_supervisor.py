"""`make run`, the whole product: starts, refuses, stops, is killed, comes back."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from karla_portal.embedded import logs
from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.services import postgres_url
from karla_portal.readiness import what_is_missing
from karla_portal.supervisor import forget_counts
from tests.embedded.patience import eventually
from tests.embedded.population import kill_all_on, processes_on
from tests.embedded.surroundings import surroundings
from tests.faults.afterwards import check_nothing_is_lost
from tests.faults.installation import Installation
from tests.faults.traffic import Traffic

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that the migrations run once: every test leaves it with nothing running on it."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def start(data_dir: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    """The program that `make run` executes."""
    return subprocess.Popen(
        [sys.executable, "-m", "karla_portal.supervisor"],
        cwd=PROJECT,
        env=surroundings(data_dir, HOST=HOST, PORT=str(port), **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def ready(
    data_dir: Path, port: int, demo: str = "0"
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """It and what it has printed, once it is ready; what is left of it in the end is killed."""
    with start(data_dir, port, DEMO=demo) as process:
        try:
            yield process, printed_until_ready(process)
        finally:
            kill_all_on(data_dir)


def printed_until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if line.startswith("Ready."):
            return printed
    pytest.fail(printed)


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with start(tmp_path, port) as process:
            output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Cannot listen on {HOST}, port {port}: Address already in use" in output
    assert not (tmp_path / "postgresql").exists()


def test_a_log_that_grew_too_large_is_cut_under_who_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST", 10)
    path = tmp_path / "web.log"
    with path.open("ab", buffering=0) as log:
        log.write(b"short\n")
        logs.shorten(path)
        log.write(b"long enough\n")
        logs.shorten(path)
        log.write(b"after\n")
    assert path.read_text() == "after\n"
    assert (tmp_path / "web.log.1").read_text() == "short\nlong enough\n"


def test_counts_begin_anew_and_what_else_lies_there_stays(tmp_path: Path) -> None:
    kept = {"run.lock", "secret_key"}
    for name in {"counter_0.db", "histogram_0.db", "0.lock", *kept}:
        (tmp_path / name).touch()
    forget_counts(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == kept


@pytest.mark.slow
def test_it_starts_refuses_a_second_one_and_stops_cleanly(data_dir: Path, port: int) -> None:
    with ready(data_dir, port, demo="1") as (first, printed):
        assert f"http://localhost:{port}" in printed
        assert what_is_missing(HOST, port) is None
        with start(data_dir, port) as second:
            refusal, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"as process {first.pid}" in refusal

        first.send_signal(signal.SIGINT)
        output, _ = first.communicate(timeout=60)
        assert first.returncode == 0, output
        assert output.endswith("Stopped.\n")
        eventually(lambda: processes_on(data_dir) == [])


@pytest.mark.slow
def test_killed_it_leaves_nothing_and_starts_again_with_its_data(data_dir: Path, port: int) -> None:
    with ready(data_dir, port) as (process, _):
        with psycopg.connect(postgres_url(data_dir)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS number")
        process.kill()
        eventually(lambda: processes_on(data_dir) == [])
    with ready(data_dir, port), psycopg.connect(postgres_url(data_dir)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


@pytest.mark.slow
def test_what_is_killed_under_load_comes_back_with_all_that_was_acknowledged(
    data_dir: Path, port: int
) -> None:
    with ready(data_dir, port) as (process, _):
        installation = Installation(data_dir, port, surroundings(data_dir))
        installation.open_shop()
        with Traffic(installation) as acknowledged:
            eventually(lambda: len(acknowledged.orders) > 5, within=60)
            kill(*(child for child in processes_on(data_dir) if child.pid != process.pid))
            before = len(acknowledged.orders)
            eventually(lambda: len(acknowledged.orders) > before + 5, within=60)
        eventually(lambda: is_running(data_dir, "beat", "worker", "deliver"), within=60)
        assert installation.missing() is None
        check_nothing_is_lost(installation, acknowledged)
        assert installation.findings() == []

        eventually(lambda: kill_beat(data_dir) or process.poll() is not None, within=60)
        output = process.communicate(timeout=60)[0]
        assert process.returncode == 1
        assert output.count("It is started again.") > output.count("The beat process") > 5
        assert "The beat process ended by itself (exit code -9)" in output
        assert str(data_dir / "logs" / "beat.log") in output
        assert output.endswith("It was started again 5 times in 60 seconds.\n")
        eventually(lambda: processes_on(data_dir) == [])


def kill(*children: psutil.Process) -> None:
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def kill_beat(data_dir: Path) -> None:
    kill(*(child for child in processes_on(data_dir) if "beat" in words_of(child)))


def is_running(data_dir: Path, *words: str) -> bool:
    said = {word for child in processes_on(data_dir) for word in words_of(child)}
    return said.issuperset(words)


def words_of(child: psutil.Process) -> list[str]:
    try:
        return child.cmdline()
    except psutil.NoSuchProcess:
        return []
