"""How far each server has written, or a replica replayed, the log of changes (WAL), in bytes.

Each server is asked in a thread of its own, so that no request waits for one that does not answer:
whoever wants to know reads what it said last.
"""

import os
import time
from collections import deque
from threading import Event, Lock, Thread

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connections

EVERY = 0.25
"""Seconds between two questions."""
SILENT_AFTER = 3.0
"""Seconds after which a server that said nothing is taken for gone."""
MOST_BEHIND = 10.0
"""Seconds by which a replica may be behind."""

_WRITTEN = "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint"
# NULL once it is a replica no more.
_REPLAYED = """
    SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END
"""

log = structlog.get_logger()


class Watch:
    """What one server says of itself, for this process."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.said: deque[tuple[float, int]] = deque(maxlen=round(2 * MOST_BEHIND / EVERY))
        """(when, position), the newest last; the clock is `time.monotonic`."""
        self.was_asked = False
        """Once at least, whether it answered or not."""
        self._is_over = Event()
        self._is_heard = True
        self._thread = Thread(target=self._run, name=f"watch {alias}", daemon=True)
        self._thread.start()

    def is_heard(self) -> bool:
        said = self._newest()
        return said is not None and time.monotonic() - said[0] < SILENT_AFTER

    def position(self) -> int:
        """-1 if it said nothing yet."""
        said = self._newest()
        return -1 if said is None else said[1]

    def position_before(self, moment: float) -> int:
        """The last one that it said before; the first that is known, if that was later."""
        said = list(self.said)
        return max((one for at, one in said if at <= moment), default=said[0][1] if said else 0)

    def seconds_since(self, position: int) -> float:
        """How long ago it is known to have been further; 0 if it is not."""
        further = (at for at, one in list(self.said) if one > position)
        return max(0.0, time.monotonic() - min(further, default=time.monotonic()))

    def forget(self) -> None:
        """Somebody found that it does not answer: it counts again once it said something."""
        self.said.clear()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join(timeout=SILENT_AFTER)

    def _newest(self) -> tuple[float, int] | None:
        try:
            return self.said[-1]
        except IndexError:
            return None

    def _run(self) -> None:
        while not self._is_over.wait(EVERY):
            self._ask()
        connections[self.alias].close()

    def _ask(self) -> None:
        asked_at = time.monotonic()
        try:
            with connections[self.alias].cursor() as cursor:
                cursor.execute(_WRITTEN if self.alias == DEFAULT_DB_ALIAS else _REPLAYED)
                [position] = cursor.fetchone()
        except Error:
            position = None
            connections[self.alias].close()
        if position is not None:
            self.said.append((asked_at, position))
        self.was_asked = True
        if self._is_heard != (position is not None):  # said once, not with every question
            self._is_heard = position is not None
            log.warning("replicas.heard" if self._is_heard else "replicas.lost", server=self.alias)


class Watches:
    """Of the primary and all replicas; each begins when it is asked for, in every process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._watches: dict[str, Watch] = {}

    def of(self, alias: str) -> Watch:
        if alias not in self._watches:
            with self._lock:
                if alias not in self._watches:
                    self._watches[alias] = Watch(alias)
        return self._watches[alias]

    def fit(self, alias: str, *, wanted: int) -> bool:
        """Whether the replica answers, has replayed `wanted`, and is not too far behind."""
        primary, replica = self.of(DEFAULT_DB_ALIAS), self.of(alias)
        if not (primary.is_heard() and replica.is_heard()):
            return False
        owed = primary.position_before(time.monotonic() - MOST_BEHIND)
        return replica.position() >= max(owed, wanted)

    def stop(self) -> None:
        with self._lock:
            for watch in self._watches.values():
                watch.stop()
            self._watches.clear()

    def forget_threads(self) -> None:
        """Threads do not survive a fork."""
        self._lock, self._watches = Lock(), {}


watches = Watches()
os.register_at_fork(after_in_child=watches.forget_threads)
