"""The disk of everything, database, broker, logs and counts, is full to the last byte."""

import time
from pathlib import Path

import pytest

from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.asking import place_order, read_orders
from tests.faults.installation import PROCESSES, installed
from tests.faults.progress import goes_on
from tests.faults.small_disk import small_disk
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
