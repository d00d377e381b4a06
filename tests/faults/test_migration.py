"""The next version's migrations run while this version works, and somebody holds a table."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from karla_portal.embedded.environment import PROJECT
from karla_portal.embedded.postgres import Postgres
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.asking import place_order
from tests.faults.installation import Installation, installed
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

HELD = 2.5
"""Seconds: longer than a migration waits for a table at a time."""
WAITING = (
    "SELECT FROM pg_locks WHERE relation = 'orders_order'::regclass AND NOT granted"
    " AND mode = 'AccessExclusiveLock'"
)


def test_a_migration_stops_nobody(tmp_path: Path) -> None:
    with installed(tmp_path) as installation:
        with Traffic(installation) as acknowledged:
            goes_on(acknowledged)
            before = slowest(installation, "before", until=threading.Event(), most=50)
            is_over = threading.Event()
            export = threading.Thread(target=hold, args=(installation,))
            export.start()
            migration = threading.Thread(target=migrate, args=(installation, is_over))
            migration.start()
            during = slowest(installation, "during", until=is_over)
            migration.join()
            export.join()
            goes_on(acknowledged)
        print(f"slowest order: {before:.2f} s before, {during:.2f} s during the migration")
        assert acknowledged.troubles == 0
        check_all_is_well(installation, acknowledged)
        noted = installation.ask("SELECT count(*) FROM orders_order WHERE gift_note = ''")
        assert noted == installation.ask("SELECT count(*) FROM orders_order")
        installation.stop()


def migrate(installation: Installation, is_over: threading.Event) -> None:
    try:
        with seconds_told("migration"):
            done = subprocess.run(
                [sys.executable, "manage.py", "migrate", "orders"],
                cwd=PROJECT,
                env=installation.environment
                | {"DJANGO_SETTINGS_MODULE": "tests.faults.next_release.settings"},
                capture_output=True,
                text=True,
                check=False,
            )
        print(done.stdout, done.stderr)
    finally:
        is_over.set()
    assert done.returncode == 0


def hold(installation: Installation) -> None:
    """Reads from orders in a transaction, until the migration has waited for it in vain."""
    with psycopg.connect(Postgres(installation.data_dir).url) as connection:
        connection.execute("SELECT FROM orders_order LIMIT 1")
        eventually(lambda: installation.ask(WAITING), within=120)
        time.sleep(HELD)


def slowest(
    installation: Installation, name: str, *, until: threading.Event, most: int = 1_000_000
) -> float:
    """Seconds that an order took, of those placed meanwhile; none may fail."""
    seconds = []
    while not until.is_set() and len(seconds) < most:
        answer = place_order(installation, f"{name}-{len(seconds)}")
        assert answer.status in (200, 201), answer
        seconds.append(answer.seconds)
    return max(seconds)
