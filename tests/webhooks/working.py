"""A worker in this process, run until something is so."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.db import connection

from webhooks.worker import Worker

PATIENCE = 20  # seconds


def work_until(is_so: Callable[[], bool]) -> None:
    """Run a worker until it is so; what was in flight is finished then.

    In a thread: where the browser's tests ran, this one has a loop already.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _work_until(is_so)).result()


async def _work_until(is_so: Callable[[], bool]) -> None:
    def look() -> bool:
        try:
            return is_so()
        finally:
            connection.close()

    worker = Worker()
    running = asyncio.create_task(worker.run())
    deadline = time.monotonic() + PATIENCE
    try:
        while not await sync_to_async(look, thread_sensitive=False)():
            if running.done():
                await running
            assert time.monotonic() < deadline, "it never came to that"
            await asyncio.sleep(0.01)
    finally:
        worker.stopping.set()
        await running
