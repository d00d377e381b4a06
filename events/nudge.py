"""A word to whoever listens that there are new facts: a nudge, no more, and it may be lost.

Said by a thread of its own, so that no request ever waits for a dead server, and at most once every
SPACING: a burst of commits is one nudge. Who listens (`webhooks.worker`) looks for itself, too.
"""

import os
import time
from threading import Event as Flag
from threading import Lock, Thread

import structlog
from redis import Redis, RedisError
from redis.asyncio import Redis as AsyncRedis

from common.cache_server import TIMEOUT, cache_server

SPACING = 0.02  # seconds

log = structlog.get_logger()


class Nudger:
    def __init__(self) -> None:
        self._wanted = Flag()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._is_over = False

    def nudge(self) -> None:
        """Returns at once and never fails."""
        self._wanted.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="nudger", daemon=True)
                    self._thread.start()

    def stop(self) -> None:
        """Nothing is said any more; returns when the thread has ended, or hangs on a server."""
        self._is_over = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(timeout=2 * TIMEOUT)

    def forget_thread(self) -> None:
        """Threads do not survive a fork."""
        self._lock, self._thread = Lock(), None

    def _run(self) -> None:
        is_heard = True
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._is_over:
                return
            try:
                server = cache_server()
                server.publish(channel_of(server), b"")
                is_heard = True
            except RedisError:
                if is_heard and not self._is_over:  # said once, not with every commit
                    log.warning("events.nudge_lost")
                is_heard = False
            time.sleep(SPACING)


def channel_of(server: "Redis | AsyncRedis") -> str:
    """A server's channels are common to its databases: two products may share one."""
    return f"karla:facts:{server.connection_pool.connection_kwargs.get('db') or 0}"


_nudger = Nudger()
os.register_at_fork(after_in_child=_nudger.forget_thread)

nudge, stop_nudging = _nudger.nudge, _nudger.stop
