"""The cache's server itself, for what Django's cache has no word for: counters, sets, channels."""

from functools import cache

from django.conf import settings
from redis import Redis

TIMEOUT = 0.5
"""Seconds for which anybody waits for it."""


@cache
def cache_server() -> Redis:
    """One for the whole process; its connections are made when they are needed."""
    url: str = settings.CACHES["default"]["LOCATION"]
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
