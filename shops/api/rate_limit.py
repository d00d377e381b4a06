"""So many requests a minute for each API key, counted in the cache (the contract's section 1).

A window is a minute of the clock. Without the cache nothing is counted and nobody is stopped:
losing it must not stop shops from sending orders.
"""

import time
from collections.abc import Iterator
from threading import Lock
from typing import Protocol, cast
from uuid import UUID

import structlog
from django.conf import settings
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common.cache_server import cache_server

WINDOW = 60
"""Seconds."""

log = structlog.get_logger()


class Counted(Protocol):
    """Who calls: a key, or what stands for one."""

    @property
    def key_id(self) -> UUID: ...


class ApiKeyRateLimit(BaseThrottle):
    """Counts the request, and tells the view what the answer's headers say."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        limit: int = settings.API_RATE_LIMIT
        now = time.time()
        self.reset = WINDOW - int(now % WINDOW)
        caller = cast("Counted", request.auth)
        used = _blocks.next_number(caller.key_id, int(now // WINDOW), limit)
        view.headers["RateLimit-Limit"] = str(limit)
        view.headers["RateLimit-Remaining"] = str(max(0, limit - used))
        view.headers["RateLimit-Reset"] = str(self.reset)
        return used <= limit

    def wait(self) -> float:
        return self.reset


class _Blocks:
    """Numbers for requests, fetched from the shared counter in blocks: one round trip for many.

    A block is a thousandth of the limit, so that what processes hold back is next to nothing.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._blocks: dict[UUID, tuple[int, Iterator[int]]] = {}

    def next_number(self, key_id: UUID, window: int, limit: int) -> int:
        """Of this key's request in this window, from 1 on; 0 when it cannot be known."""
        with self._lock:
            of_window, numbers = self._blocks.get(key_id, (None, iter(())))
            number = next(numbers, None) if of_window == window else None
            if number is None:
                numbers = self._fetch(f"rate:{key_id}:{window}", max(1, limit // 1000))
                self._blocks[key_id] = (window, numbers)
                number = next(numbers)
            return number

    def _fetch(self, name: str, size: int) -> Iterator[int]:
        try:
            last = int(cache_server().incrby(name, size))
            if last == size:
                cache_server().expire(name, WINDOW * 2)
        except RedisError:
            log.warning("rate_limit.not_counted")
            return iter([0])
        return iter(range(last - size + 1, last + 1))


_blocks = _Blocks()
