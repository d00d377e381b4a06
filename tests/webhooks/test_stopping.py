"""A worker that is told to stop ends, whatever its connections say to that."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import ConnectionError as ServerGone

from events.nudge import channel_of
from webhooks import worker as working
from webhooks.worker import Worker

PATIENCE = 10  # seconds


@pytest.mark.django_db(transaction=True)
def test_an_error_while_its_connection_is_closed_does_not_keep_it_alive(monkeypatch):
    """As from a broker that was killed: it takes the place of the cancellation."""
    closed = []

    async def fails_to_close(server: AsyncRedis, *_: object) -> None:
        closed.append(server)
        await close(server)
        if len(closed) == 1:
            raise ServerGone("Connection closed by server.")

    close = AsyncRedis.aclose
    monkeypatch.setattr(AsyncRedis, "aclose", fails_to_close)
    monkeypatch.setattr(working, "PATIENCE", 0.1)

    async def stopped() -> None:
        worker = Worker()
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(PATIENCE):
            while not subscribers():
                await asyncio.sleep(0.01)
            worker.stopping.set()
            await running

    with ThreadPoolExecutor(1) as pool:  # a browser of other tests may have a loop in this one
        pool.submit(asyncio.run, stopped()).result()
    assert closed


def subscribers() -> int:
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as server:
        [(_, count)] = server.pubsub_numsub(channel_of(server))
    return int(count)
