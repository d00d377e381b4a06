"""RabbitMQ as the broker (docs/scaling.md): killed under load and started again."""

import time

import pytest

from benchmarks.receiver import endpoint
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.health import health_is_told
from tests.faults.installation import installed
from tests.faults.rabbitmq import SERVER, rabbitmq
from tests.faults.traffic import Traffic

pytestmark = [
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(not SERVER.exists(), reason="takes rabbitmq-server, as Debian packs it"),
]

UNDER_LOAD = 3.0
"""Seconds before, during and after."""


def test_rabbitmq_killed_under_load(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("rabbitmq")
    data_dir = tmp_path_factory.mktemp("data")
    with rabbitmq(folder) as broker, installed(data_dir, BROKER_URL=broker.url) as installation:
        traffic = Traffic(installation, name="rabbitmq")
        with endpoint() as receiver:
            said = {"url": receiver.url(), "enabled_events": ["orders/placed"]}
            traffic.ask("POST", "/webhooks", said)
            with traffic as acknowledged:
                time.sleep(UNDER_LOAD)
                broker.kill()
                health_is_told(installation, gone=("broker",))
                before = len(acknowledged.orders)
                time.sleep(UNDER_LOAD)
                assert len(acknowledged.orders) > before
                broker.start()
                eventually(installation.is_ready, within=120)
                time.sleep(UNDER_LOAD)
            check_all_is_well(installation, acknowledged)
            assert acknowledged.troubles == 0, acknowledged.troubles_in_words()
            [(placed,)] = installation.ask(
                "SELECT count(*) FROM events_event WHERE ref = 'orders/placed'"
            )
            assert len({event_id for event_id, *_ in receiver.take()}) == placed
        installation.stop()
