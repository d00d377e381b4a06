"""Signs of life of the processes that answer no requests, kept in the cache, which all share."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from redis import RedisError

WORKER = "worker"
"""A task arrived that beat had sent: beat, broker and worker all do their work."""
SENDER = "sender"
"""`manage.py deliver` gets to its work."""
EVERY = 10.0
"""Seconds."""
LATE_AFTER = 90.0
"""Seconds of silence, after which somebody should look."""


@dataclass(frozen=True, kw_only=True)
class SignOfLife:
    process: str
    at: datetime | None
    """When it was last heard of; None where it never was, or the cache was emptied."""

    @property
    def is_late(self) -> bool:
        return self.at is None or (timezone.now() - self.at).total_seconds() > LATE_AFTER


def note_alive(process: str) -> None:
    with suppress(RedisError, OSError):  # a cache that is away shows as silence
        cache.set(_key(process), time.time(), timeout=None)


def last_signs_of_life() -> list[SignOfLife]:
    """Of each kind of process."""
    silent = silences()
    return [
        SignOfLife(
            process=process,
            at=timezone.now() - timedelta(seconds=silent[process]) if process in silent else None,
        )
        for process in (WORKER, SENDER)
    ]


def silences() -> dict[str, float]:
    """Seconds since each kind of process was last heard of, of those that ever were."""
    processes = {_key(process): process for process in (WORKER, SENDER)}
    heard = cache.get_many(processes)
    return {processes[key]: max(0.0, time.time() - at) for key, at in heard.items()}


def _key(process: str) -> str:
    return f"alive:{process}"
