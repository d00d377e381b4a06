"""The web server: granian in front of the WSGI application, as many workers as there are cores.

The application is loaded once, before the workers fork: they share its memory, and one that has to
be replaced is there at once.
"""

import multiprocessing
import os
import signal
import threading
from functools import partial

from django.conf import settings
from django.core.signals import request_started
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from common.postgresql.driver import wait_no_longer
from karla_portal import celery, wsgi
from karla_portal.embedded.environment import cores, host, port
from karla_portal.embedded.linux import die_with, keep_freed_memory

THREADS = 4  # requests at once in one worker, and so its database connections
BACKLOG = 1024
MEGABYTE = 1024 * 1024
PATIENCE = 25  # seconds for the requests in hand when it is told to stop


class LastWords:
    """Closes its thread's database connections when the thread ends.

    granian ends idle threads. Their connections are in reference cycles, so they would stay open
    until the garbage collector comes round, which for a frozen heap is hours.
    """

    of_thread = threading.local()

    def __init__(self) -> None:
        self.connections = connections.all()

    def __del__(self) -> None:
        for connection in self.connections:
            connection.close()

    @classmethod
    def register(cls, **_signal: object) -> None:
        if not hasattr(cls.of_thread, "last_words"):
            cls.of_thread.last_words = cls()


def main() -> None:
    celery.app.set_default()
    wait_no_longer()
    # Answers have some hundred kilobytes: to fetch memory for a copy takes longer than to make it.
    keep_freed_memory(blocks_up_to=2 * MEGABYTE, at_most=8 * MEGABYTE)
    request_started.connect(LastWords.register)
    multiprocessing.set_start_method("fork")
    # Workers of a main process that was killed would go on answering on its port.
    os.register_at_fork(after_in_child=partial(die_with, os.getpid(), signal.SIGKILL))
    Granian(
        f"{wsgi.__name__}:application",
        address=host(),
        port=port(),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("WEB_WORKERS") or cores()),
        blocking_threads=int(os.environ.get("WEB_THREADS") or THREADS),
        backlog=BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels(settings.LOG_LEVEL.lower()),
        log_dictconfig=settings.LOGGING,
    ).serve()


if __name__ == "__main__":
    main()
