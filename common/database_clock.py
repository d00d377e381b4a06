"""The time as the database has it. Queues go by it, whatever the clock of this machine says: what
is due was written by the database, and other machines hold leases, too."""

import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone


class DatabaseClock:
    def __init__(self) -> None:
        self._read: tuple[datetime, float] | None = None

    def ask(self) -> datetime:
        now: datetime
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            [now] = cursor.fetchone()
        self._read = now, time.monotonic()
        return now

    def now(self) -> datetime:
        """What it said last and how long ago that was; before, what this machine says."""
        if self._read is None:
            return timezone.now()
        then, at = self._read
        return then + timedelta(seconds=time.monotonic() - at)


database_clock = DatabaseClock()
"""Of this process."""
