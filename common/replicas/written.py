"""Up to where in the log of changes a caller has written; kept in the cache, for all processes.

While the cache is away nobody knows, so every caller reads at the primary until each replica that
is still asked must have replayed what was written meanwhile.
"""

import time
from functools import cache

import structlog
from django.conf import settings
from django.db import Error, connection
from redis import Redis, RedisError

from common.replicas.positions import MOST_BEHIND

TIMEOUT = 0.5
"""Seconds for which a request waits for the cache."""
PINNED = MOST_BEHIND + 5
"""Seconds at the primary when the cache is away."""
KEPT = 60
"""Seconds; longer than a replica may be behind."""

log = structlog.get_logger()


class Written:
    def __init__(self) -> None:
        self._pinned_until = 0.0

    def note(self, caller: str) -> None:
        """Whatever is committed until now counts as the caller's."""
        key = _key(caller)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
                [position] = cursor.fetchone()
            with _server().pipeline(transaction=False) as pipeline:
                # Of two requests at once, the further position stays.
                pipeline.zadd(key, {"position": position}, gt=True)
                pipeline.expire(key, KEPT)
                pipeline.execute()
        except (RedisError, Error):
            self._pin()

    def last_of(self, caller: str) -> int | None:
        """The position; 0 if the caller wrote nothing lately, None if nobody knows."""
        if time.monotonic() < self._pinned_until:
            return None
        try:
            return int(_server().zscore(_key(caller), "position") or 0)
        except RedisError:
            self._pin()
            return None

    def unpin(self) -> None:
        self._pinned_until = 0.0

    def _pin(self) -> None:
        if time.monotonic() >= self._pinned_until:
            log.warning("replicas.pinned", seconds=PINNED)
        self._pinned_until = time.monotonic() + PINNED


def _key(caller: str) -> str:
    return f"karla:wrote:{caller}"


@cache
def _server() -> Redis:
    url: str = settings.CACHES["default"]["LOCATION"]
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


written = Written()
