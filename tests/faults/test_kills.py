"""`kill -9` of each process and of all of them, under load: nothing acknowledged is lost, nothing
is told twice in the log, and the doctor finds nothing afterwards. `make test` has a run of its own,
with the supervisor that starts them again (tests/embedded/test_supervisor.py)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.receiver import endpoint
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.health import health_is_told
from tests.faults.installation import PROCESSES, Installation, installed
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

UNDER_LOAD = 2.0
"""Seconds before and after each kill."""
EVERYTHING = ("web", "worker", "beat", "deliver", "broker", "database")
ORDER_OF_START = ("database", "broker", *PROCESSES)
KILLED = [*((name,) for name in EVERYTHING), ("broker", "database"), EVERYTHING]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One after the other is killed in the same installation, as in a long life."""
    with installed(tmp_path_factory.mktemp("data")) as installation:
        yield installation
        installation.stop()


@pytest.mark.parametrize("names", KILLED, ids="+".join)
def test_killed_under_load(shared: Installation, names: tuple[str, ...]) -> None:
    traffic = Traffic(shared, name="+".join(names))
    with endpoint() as receiver:
        said = {"url": receiver.url(), "enabled_events": ["orders/placed"]}
        webhook = traffic.ask("POST", "/webhooks", said)
        with traffic as acknowledged:
            time.sleep(UNDER_LOAD)
            with killed(shared, names):
                health_is_told(shared, gone=names)
                time.sleep(UNDER_LOAD / 2)
            eventually(shared.is_ready, within=120)
            before = len(acknowledged.orders)
            eventually(lambda: len(acknowledged.orders) > before + 5, within=60)
            troubles = acknowledged.troubles
            time.sleep(UNDER_LOAD)
            assert acknowledged.troubles == troubles, acknowledged.troubles_in_words()
        check_all_is_well(shared, acknowledged)
        placed = shared.ask(
            "SELECT id::text FROM events_event WHERE ref = 'orders/placed' AND created_at >"
            " (SELECT created_at FROM webhooks_webhook WHERE id = %s)",
            webhook["uuid"],
        )
        heard = {event_id for event_id, *_ in receiver.take()}
        assert heard == {event_id for (event_id,) in placed}
        traffic.ask("DELETE", f"/webhooks/{webhook['uuid']}")


@contextmanager
def killed(installation: Installation, names: tuple[str, ...]) -> Iterator[None]:
    for name in names:
        installation.kill(name)
    try:
        yield
    finally:
        for name in sorted(names, key=ORDER_OF_START.index):
            installation.start(name)
