"""Signs of life of the processes that answer no requests, kept in the cache, which all share."""

import time
from contextlib import suppress

from django.core.cache import cache
from redis import RedisError

WORKER = "worker"
"""A task arrived that beat had sent: beat, broker and worker all do their work."""
SENDER = "sender"
"""`manage.py deliver` gets to its work."""
EVERY = 10.0
"""Seconds."""


def note_alive(process: str) -> None:
    with suppress(RedisError, OSError):  # a cache that is away shows as silence
        cache.set(_key(process), time.time(), timeout=None)


def silences() -> dict[str, float]:
    """Seconds since each kind of process was last heard of, of those that ever were."""
    processes = {_key(process): process for process in (WORKER, SENDER)}
    heard = cache.get_many(processes)
    return {processes[key]: max(0.0, time.time() - at) for key, at in heard.items()}


def _key(process: str) -> str:
    return f"alive:{process}"
