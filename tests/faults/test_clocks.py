"""The clock of the product's machine jumps an hour ahead, and back; the database's goes on."""

from pathlib import Path

import pytest

from benchmarks.receiver import endpoint
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.installation import installed
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
AN_HOUR = 3600


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    if not LIBRARIES:
        pytest.skip("NOT TRIED, for it takes libfaketime (Debian: apt install libfaketime)")
    clock = tmp_path / "clock"
    clock.write_text("+0")
    return clock


@pytest.mark.parametrize("jump", [AN_HOUR, -AN_HOUR], ids=["ahead", "back"])
def test_a_clock_that_jumps_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, clock: Path, jump: int
) -> None:
    environment = {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with installed(tmp_path / "data", **environment) as installation, endpoint() as receiver:
        traffic = Traffic(installation)
        said = {"url": receiver.url(), "enabled_events": ["orders/placed"]}
        traffic.ask("POST", "/webhooks", said)
        with traffic as acknowledged:
            goes_on(acknowledged)
            clock.write_text(f"{jump:+d}")
            with seconds_told(f"{jump:+d} s: orders"):
                goes_on(acknowledged)
            seen = len(acknowledged.orders)
            with seconds_told(f"{jump:+d} s: deliveries"):
                eventually(lambda: receiver.count() >= seen, within=120)
            clock.write_text("+0")
            goes_on(acknowledged)
        with seconds_told(f"{jump:+d} s, and right again: settled"):
            check_all_is_well(installation, acknowledged)
        heard = [event for event, *_ in receiver.take()]
        placed = installation.ask("SELECT id::text FROM events_event WHERE ref = 'orders/placed'")
        assert sorted(heard) == sorted(event for (event,) in placed)
        installation.stop()
