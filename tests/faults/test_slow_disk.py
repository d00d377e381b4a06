"""A disk that takes a tenth of a second for each commit, and one that stands still for a while.

The first is PostgreSQL's own `commit_delay`, before it writes to the disk. For the second all its
processes are stopped (SIGSTOP): who waits for a disk that does not answer does not run either.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from karla_portal.embedded.postgres import Postgres
from tests.faults.afterwards import check_all_is_well
from tests.faults.asking import place_order
from tests.faults.database_settings import change_setting
from tests.faults.installation import Installation, installed
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

STILL_FOR = 8.0
"""Seconds: shorter than clients wait."""


def test_a_slow_disk_makes_nothing_fail(tmp_path: Path) -> None:
    with installed(tmp_path) as installation:
        with Traffic(installation) as acknowledged:
            goes_on(acknowledged)
            change_setting(installation, "commit_siblings", "0")
            change_setting(installation, "commit_delay", "100000")
            with seconds_told("an order on the slow disk"):
                assert place_order(installation, "slow").status == 200
            goes_on(acknowledged)
            change_setting(installation, "commit_delay", "0")
            with stopped_database(installation):
                time.sleep(STILL_FOR)
            with seconds_told("an order after the standstill"):
                assert place_order(installation, "after").status == 200
            goes_on(acknowledged)
        assert acknowledged.troubles == 0
        check_all_is_well(installation, acknowledged)
        installation.stop()


@contextmanager
def stopped_database(installation: Installation) -> Iterator[None]:
    cluster = str(Postgres(installation.data_dir).cluster)
    stopped = [one for one in psutil.process_iter(["cwd"]) if one.info["cwd"] == cluster]
    assert stopped
    for process in stopped:
        process.suspend()
    try:
        yield
    finally:
        for process in stopped:
            process.resume()
