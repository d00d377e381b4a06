"""Whether beat and a worker are alive: beat asks, a worker writes down when."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

KEY = "operation:heartbeat"
EVERY = 30
"""Seconds."""
LATE_AFTER = timedelta(seconds=3 * EVERY)


def beat_once() -> None:
    cache.set(KEY, timezone.now(), timeout=None)


def last_beat() -> datetime | None:
    """None where none was heard since the cache was emptied."""
    heard: datetime | None = cache.get(KEY)
    return heard


def is_late(heard: datetime | None) -> bool:
    return heard is None or timezone.now() - heard > LATE_AFTER
