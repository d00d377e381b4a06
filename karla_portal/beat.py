"""The scheduler of beat: neither a full disk nor a clock that is set back stops it."""

from datetime import timedelta
from typing import Any

import structlog
from celery.beat import PersistentScheduler
from django.utils import timezone

log = structlog.get_logger()

TOLERANCE = timedelta(seconds=1)


class Scheduler(PersistentScheduler):
    def tick(self, *args: Any, **options: Any) -> float:
        self.forget_the_future()
        interval: float = super().tick(*args, **options)
        return interval

    def forget_the_future(self) -> None:
        """What ran later than now ran before the clock was set back: it would not be due again
        until the clock has come there once more."""
        now = timezone.now()
        latest = now + TOLERANCE
        ahead = [one for one in self.schedule.values() if (one.last_run_at or now) > latest]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            log.warning("beat.clock_set_back", entries=len(ahead))
            self._heap = None  # is made anew

    def sync(self) -> None:
        """When each entry last ran is kept for the next start; without it, some run once more."""
        try:
            super().sync()
        except OSError as problem:
            log.warning("beat.not_kept", errno=problem.errno)
