"""Gives the test session PostgreSQL and Valkey, before Django reads where they are.

A session has a data folder to itself: neither `make run` nor another session is disturbed. The
workers of pytest-xdist share the servers of the process that started them, each with a database of
its own in Valkey, as pytest-django gives each one in PostgreSQL.

This cannot wait for a fixture, and `DJANGO_SETTINGS_MODULE` in pytest's own configuration would
come too early: pytest-django loads those settings before any conftest.
"""

import gc
import itertools
import os
from contextlib import ExitStack
from pathlib import Path

import django
import pytest
from django.core.management import call_command

from common.compiled_texts import compile_texts
from events.nudge import stop_nudging
from karla_portal.embedded.environment import PROJECT, needs_postgres, needs_valkey
from karla_portal.embedded.locks import lock_at_once
from karla_portal.embedded.services import running
from karla_portal.embedded.valkey import Valkey

FOLDERS = PROJECT / ".data" / "test"
XDIST_WORKER = os.environ.get("PYTEST_XDIST_WORKER")

servers = ExitStack()


def first_free_folder() -> Path:
    """The first that no other session has, now claimed for as long as this process lives."""
    FOLDERS.mkdir(parents=True, exist_ok=True)
    numbers = itertools.count(1)
    free = next(n for n in numbers if lock_at_once(FOLDERS / f"{n}.lock") is not None)
    return FOLDERS / str(free)


def bring_up(data_dir: Path) -> None:
    """Start the servers the environment does not name, and join them to it."""
    postgres, valkey = needs_postgres(), needs_valkey()
    servers.enter_context(running(data_dir, postgres=postgres, valkey=valkey, durable=False))


def point_to_own_databases(data_dir: Path, number: int) -> None:
    os.environ.setdefault("BROKER_URL", Valkey(data_dir).broker_url(2 * number))
    os.environ.setdefault("CACHE_URL", Valkey(data_dir).cache_url(2 * number + 1))


if XDIST_WORKER is None:
    os.environ["DATA_DIR"] = str(first_free_folder())
    bring_up(Path(os.environ["DATA_DIR"]))
else:
    point_to_own_databases(Path(os.environ["DATA_DIR"]), int(XDIST_WORKER.removeprefix("gw")) + 1)
    os.environ["METRICS_DIR"] = f"{os.environ['DATA_DIR']}/metrics-{XDIST_WORKER}"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")
django.setup()
os.environ.pop("METRICS_DIR", None)  # programs that tests start have folders of their own
if XDIST_WORKER is None:
    # Left in the environment, it would make pytest-django read the settings of each worker before
    # that has pointed to databases of its own.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    compile_texts(PROJECT)
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name files by content


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with a browser come last: its loop stays in the process, and others want one of their
    own. `--dist=load` hands tests out in this order, and takes none back, so that it holds in each
    worker. Of each kind what takes long comes first, so that in the end nobody waits for one test.
    """
    items.sort(key=lambda item: ("browser" in _fixtures(item), not item.get_closest_marker("slow")))


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def pytest_unconfigure(config: pytest.Config) -> None:
    stop_nudging()  # before its server is gone, and what pytest listens with
    servers.close()


def pytest_collection_finish() -> None:
    """What stays for the whole session, with thousands of tests, is not walked again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
