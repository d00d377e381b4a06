import asyncio
import gc
import signal
from typing import Any

import uvloop
from django.core.management.base import BaseCommand

from common.postgresql.driver import wait_no_longer
from common.scraping import answer_scrapes
from webhooks.worker import Worker


class Command(BaseCommand):
    help = (
        "Sends webhooks and mails until it is stopped. `make run` runs one; several share the work."
    )
    requires_system_checks: list[str] = []  # they import every page, and take longer than the rest

    def handle(self, *args: Any, **options: Any) -> None:
        gc.freeze()  # what is there by now stays: nobody has to look through it again and again
        wait_no_longer()
        answer_scrapes()
        uvloop.run(_deliver())


async def _deliver() -> None:
    worker = Worker()
    for request in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(request, worker.stopping.set)
    await worker.run()
