"""Up to where in the log of changes a caller has written; kept in the cache, for all processes.

While the cache is away nobody knows, so every caller reads at the primary until each replica that
is still asked must have replayed what was written meanwhile.
"""

import time

import structlog
from django.db import Error, connection
from redis import RedisError

from common.cache_server import cache_server
from common.replicas.positions import MOST_BEHIND

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
            with cache_server().pipeline(transaction=False) as pipeline:
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
            return int(cache_server().zscore(_key(caller), "position") or 0)
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


written = Written()
