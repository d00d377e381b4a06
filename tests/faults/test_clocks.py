"""The clock of the product's machine jumps an hour, and back; the database's goes on as it was."""

from pathlib import Path

import pytest

from benchmarks.receiver import endpoint
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.installation import PROCESSES, installed
from tests.faults.jumping_clock import JumpingClock
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

AN_HOUR = 3600


@pytest.mark.parametrize("jump", [AN_HOUR, -AN_HOUR], ids=["ahead", "back"])
def test_a_clock_that_jumps_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, jump: int
) -> None:
    clock = JumpingClock(tmp_path)
    clock.make()
    with installed(tmp_path / "data", **clock.environment) as product, endpoint() as receiver:
        traffic = Traffic(product)
        said = {"url": receiver.url(), "enabled_events": ["orders/placed"]}
        traffic.ask("POST", "/webhooks", said)
        with traffic as acknowledged:
            goes_on(acknowledged)
            clock.set_off(jump)
            with seconds_told(f"{jump:+d} s: ten orders"):
                goes_on(acknowledged)
            seen = len(acknowledged.orders)
            with seconds_told(f"{jump:+d} s: they were told"):
                eventually(lambda: receiver.count() >= seen, within=120)
            clock.set_off(0)
            goes_on(acknowledged)
        with seconds_told(f"{jump:+d} s, and right again: settled"):
            check_all_is_well(product, acknowledged)
        heard = [event for event, *_ in receiver.take()]
        placed = product.ask("SELECT id::text FROM events_event WHERE ref = 'orders/placed'")
        assert sorted(heard) == sorted(event for (event,) in placed)
        assert [name for name in PROCESSES if product.processes[name].poll() is not None] == []
        product.stop()
