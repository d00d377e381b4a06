"""The disk of everything, database, broker, logs and counts, is full to the last byte."""

import time
from pathlib import Path

import psycopg
import pytest

from karla_portal.embedded.locks import is_held
from karla_portal.embedded.postgres import Postgres
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.asking import place_order, read_orders
from tests.faults.installation import PROCESSES, Installation, installed
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

WORKED_ON = "SELECT FROM analytics_rolledup"
FULL_FOR = 20.0
"""Seconds."""


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", megabytes=500) as disk, installed(disk.folder) as product:
        with Traffic(product) as acknowledged:
            goes_on(acknowledged)
            eventually(lambda: product.ask(WORKED_ON), within=120)
            disk.fill()
            written, read = [], []
            until = time.monotonic() + FULL_FOR
            while time.monotonic() < until:
                disk.fill()
                written.append(place_order(product, f"full-{len(written)}"))
                read.append(read_orders(product))
                time.sleep(0.2)
            ended = [name for name in PROCESSES if product.processes[name].poll() is not None]
            assert ended == []
            refused = [answer for answer in written if answer.status != 200]
            assert {(answer.status, answer.retry_after) for answer in refused} == {(503, "1")}
            assert {answer.status for answer in read} == {200}
            print(
                f"full: {len(refused)} of {len(written)} writes refused, {len(read)} reads answered"
            )
            disk.free()
            eventually(product.is_ready, within=120)
            goes_on(acknowledged)
        check_all_is_well(product, acknowledged)
        product.stop()


def test_a_database_that_the_full_disk_stopped_comes_back_with_all_that_it_promised(
    tmp_path: Path,
) -> None:
    """PostgreSQL stops rather than go on when it can write no file of its log, and does not start
    before there is room."""
    with small_disk(tmp_path / "data", megabytes=500) as disk, installed(disk.folder) as product:
        with Traffic(product) as acknowledged:
            goes_on(acknowledged)
            eventually(lambda: product.ask(WORKED_ON), within=120)
            eventually(lambda: is_stopped_by(disk, product), within=120)
            answers = [read_orders(product), place_order(product, "stopped")]
            assert {(answer.status, answer.retry_after) for answer in answers} == {(503, "1")}
            ended = [name for name in PROCESSES if product.processes[name].poll() is not None]
            assert ended == []
            disk.free()
            product.servers.pop("database").close()
            with seconds_told("the database starts and recovers"):
                product.start("database")
            with seconds_told("from there until it was ready"):
                eventually(product.is_ready, within=120)
            goes_on(acknowledged)
        check_all_is_well(product, acknowledged)
        product.stop()


def is_stopped_by(disk: SmallDisk, product: Installation) -> bool:
    """Whether PostgreSQL is gone that was asked for a checkpoint and a new file of its log."""
    disk.fill()
    server = Postgres(product.data_dir)
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")
    except psycopg.Error as error:
        print(f"full: {str(error).strip()}")
    return not is_held(server.server_lock)
