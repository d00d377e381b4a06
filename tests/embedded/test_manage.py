"""`manage.py` has the embedded servers for the commands that need them, and no others."""

import subprocess
import sys
from pathlib import Path

import pytest

from karla_portal.embedded.environment import PROJECT
from karla_portal.manage import needs_servers
from tests.embedded.patience import eventually
from tests.embedded.population import processes_on
from tests.embedded.surroundings import surroundings

RESTORED = ("--dbname=karla", "karla.dump")


def manage(data_dir: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, PROJECT / "manage.py", *arguments],
        env=surroundings(data_dir),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["--help"], ["help", "migrate"], ["check", "--deploy"], ["seed", "--help"]],
)
def test_these_need_no_servers(arguments: list[str]) -> None:
    assert not needs_servers(arguments)


@pytest.mark.parametrize("arguments", [["run", "--help"], ["--help"]])
def test_the_wheels_command_says_what_it_has_beside_djangos(arguments: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "karla_portal.command", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "karla-portal run  " in said.stdout + said.stderr
    assert "Unknown command" not in said.stderr


@pytest.mark.parametrize(
    "arguments", [["migrate"], ["shell"], ["seed"], ["check", "--database", "default"]]
)
def test_these_need_them(arguments: list[str]) -> None:
    assert needs_servers(arguments)


def test_a_check_starts_nothing(tmp_path: Path) -> None:
    manage(tmp_path, "check")
    assert not (tmp_path / "postgresql").exists()


def test_a_dump_of_the_embedded_database_is_restored_into_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docs/operations.md has it, while nothing else runs."""
    monkeypatch.setenv("PGPORT", "5433")  # of a server of one's own
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.1")
    manage(tmp_path, "postgres", "psql", "--command=CREATE TABLE kept AS SELECT 4711 AS number")
    manage(tmp_path, "postgres", "pg_dump", "--format=custom", "--file=karla.dump")
    (tmp_path / "postgresql").rename(tmp_path / "postgresql.broken")
    manage(tmp_path, "postgres", "pg_restore", "--no-owner", "--exit-on-error", *RESTORED)
    assert "4711" in manage(tmp_path, "postgres", "psql", "--command=SELECT * FROM kept")
    eventually(lambda: processes_on(tmp_path) == [])


def test_a_command_starts_them_and_leaves_nothing_running(tmp_path: Path) -> None:
    assert "[ ] 0001" in manage(tmp_path, "showmigrations", "shops")
    eventually(lambda: processes_on(tmp_path) == [])
