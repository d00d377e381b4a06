"""The network between the product and its database: slow, cut, and silent before it is cut."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from karla_portal.embedded.postgres import DATABASE, ROLE, Postgres
from tests.embedded.patience import eventually
from tests.faults.afterwards import check_all_is_well
from tests.faults.asking import all_at_once, open_page, read_orders
from tests.faults.installation import Installation, installed
from tests.faults.network import Network
from tests.faults.progress import goes_on
from tests.faults.seconds import seconds_told
from tests.faults.traffic import Traffic

pytestmark = [pytest.mark.slow, pytest.mark.faults]

TROUBLED = 4.0
"""Seconds."""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    network = Network(Postgres(tmp_path).socket)
    yield network
    network.close()


@pytest.fixture
def installation(tmp_path: Path, network: Network) -> Iterator[Installation]:
    url = f"postgresql://{ROLE}@127.0.0.1:{network.port}/{DATABASE}"
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)  # pages name their files by content
    with installed(tmp_path, DATABASE_URL=url) as installation:
        yield installation
        network.mend()
        installation.stop()


def test_a_slow_network_loses_nothing(installation: Installation, network: Network) -> None:
    with Traffic(installation) as acknowledged:
        network.delay = 0.02
        eventually(lambda: len(acknowledged.orders) > 5, within=120)
        network.mend()
    assert acknowledged.troubles == 0
    check_all_is_well(installation, acknowledged)


def test_a_network_that_is_cut_and_comes_back_loses_nothing(
    installation: Installation, network: Network
) -> None:
    with Traffic(installation) as acknowledged:
        time.sleep(TROUBLED)
        network.cut()
        time.sleep(TROUBLED)
        answers = [*all_at_once(installation), open_page(installation)]
        network.mend()
        goes_on(acknowledged)
    assert {(answer.status, answer.retry_after) for answer in answers} == {(503, "1")}
    assert acknowledged.troubles > 0
    check_all_is_well(installation, acknowledged)


def test_a_network_that_falls_silent_and_breaks_loses_nothing(
    installation: Installation, network: Network
) -> None:
    with Traffic(installation) as acknowledged:
        time.sleep(TROUBLED)
        network.passes.clear()
        time.sleep(TROUBLED)
        network.cut()
        network.mend()
        goes_on(acknowledged)
    check_all_is_well(installation, acknowledged)


def test_a_database_that_is_silent_holds_nobody_up_for_long(
    installation: Installation, network: Network
) -> None:
    """Connected all the while: neither side is told that nothing arrives."""
    with Traffic(installation) as acknowledged:
        time.sleep(TROUBLED)
        network.passes.clear()
        first = [*all_at_once(installation), open_page(installation)]
        later = [*all_at_once(installation), open_page(installation)]
        assert {(answer.status, answer.retry_after) for answer in first + later} == {(503, "1")}
        print("silent: first answers", sorted(round(answer.seconds, 1) for answer in first))
        print("silent: later answers", sorted(round(answer.seconds, 1) for answer in later))
        network.mend()
        with seconds_told("from silence to an answer"):
            eventually(lambda: read_orders(installation).status == 200, within=60)
        goes_on(acknowledged)
    check_all_is_well(installation, acknowledged)
