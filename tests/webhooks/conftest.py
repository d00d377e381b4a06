from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def loopback_allowed(settings) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def receiver(loopback_allowed) -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
