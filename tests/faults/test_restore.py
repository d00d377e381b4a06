"""Everything is destroyed, and the database comes back as it was at a moment under load."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.receiver import endpoint
from karla_portal.embedded.postgres import Postgres
from karla_portal.embedded.valkey import Valkey
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.backup import Backup
from tests.faults.installation import PROCESSES, Installation, installed
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.traffic import Acknowledged, Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

WRITTEN = ("orders_order", "shipments_shipment", "claims_claim", "events_event")


def test_a_restore_brings_back_a_moment(tmp_path: Path) -> None:
    backup = Backup(tmp_path / "backup")
    with installed(tmp_path / "data") as installation, endpoint() as receiver:
        backup.begin(installation)
        eventually(installation.is_ready, within=60)
        traffic = Traffic(installation, name="before")
        said = {"url": receiver.url(), "enabled_events": ["orders/placed"]}
        traffic.ask("POST", "/webhooks", said)
        with traffic as acknowledged:
            with seconds_told("base backup under load"):
                backup.take(installation)
            goes_on(acknowledged)
            for name in ("worker", "deliver"):  # what they had to do waits
                installation.kill(name)
            goes_on(acknowledged)
            kept = Acknowledged(
                orders=acknowledged.orders[:],
                scans=acknowledged.scans[:],
                claims=acknowledged.claims[:],
                answers=acknowledged.answers,
            )
            moment = now(installation)
            goes_on(acknowledged)
        backup.wait_until_archived(installation)
        destroy(installation)

        with seconds_told("restore"):
            backup.restore(installation, moment)
        for table in WRITTEN:
            statement = f"SELECT count(*) FROM {table} WHERE created_at > %s"
            assert installation.ask(statement, moment) == [(0,)]
        with seconds_told("from there until it was ready"):
            for name in ("broker", *PROCESSES):
                installation.start(name)
            eventually(installation.is_ready, within=120)
        check_all_is_well(installation, kept)
        placed = installation.ask("SELECT id::text FROM events_event WHERE ref = 'orders/placed'")
        assert {event for event, *_ in receiver.take()} == {event for (event,) in placed}

        with Traffic(installation, name="again") as acknowledged:
            goes_on(acknowledged)
        check_all_is_well(installation, acknowledged)
        installation.stop()


def now(installation: Installation) -> datetime:
    [(moment,)] = installation.ask("SELECT clock_timestamp()")
    assert isinstance(moment, datetime)
    return moment


def destroy(installation: Installation) -> None:
    """The database's disk and the broker's, while they run."""
    for name in (*list(installation.processes), "broker", "database"):
        installation.kill(name)
    shutil.rmtree(Postgres(installation.data_dir).cluster)
    shutil.rmtree(Valkey(installation.data_dir).folder)
