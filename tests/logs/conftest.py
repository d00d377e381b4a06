from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from tests.logs.lines import Lines, lines_written
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def lines() -> Iterator[Lines]:
    with lines_written() as lines:
        yield lines


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiving() as receiver:
        yield receiver
