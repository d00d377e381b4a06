"""So many requests a minute for each API key, counted in the cache (the contract's section 1).

A window is a minute of the clock. Without the cache nothing is counted and nobody is stopped:
losing it must not stop shops from sending orders.
"""

import time
from functools import cache
from typing import cast

import structlog
from django.conf import settings
from redis import Redis, RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from shops.keys import Access

WINDOW = 60
"""Seconds."""

HEADERS = "rate_limit.headers"
"""Where a request carries what its answer says of the limit."""

log = structlog.get_logger()


class ApiKeyRateLimit(BaseThrottle):
    """Counts the request, and leaves on it what the answer's headers say."""

    def allow_request(self, request: Request, view: object) -> bool:
        limit: int = settings.API_RATE_LIMIT
        now = time.time()
        self.reset = WINDOW - int(now % WINDOW)
        access = cast("Access", request.auth)
        used = _count(f"rate:{access.key_id}:{int(now // WINDOW)}")
        request.META[HEADERS] = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, limit - used)),
            "RateLimit-Reset": str(self.reset),
        }
        return used <= limit

    def wait(self) -> float:
        return self.reset


def _count(name: str) -> int:
    try:
        used = int(_counters().incr(name))
        if used == 1:
            _counters().expire(name, WINDOW * 2)
    except RedisError:
        log.warning("rate_limit.not_counted")
        return 0
    return used


@cache
def _counters() -> Redis:
    url: str = settings.CACHES["default"]["LOCATION"]
    return Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
