"""Which server a request reads from: a replica, if there is one that has all the caller wrote.

A *reading* is opened for a request that only reads (`middleware`). It chooses its server with its
first read and stays there, until it writes something after all, or begins a transaction of the
primary: from then on, and outside of a reading, everything is read from the primary.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

import structlog
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    connections,
)

from common.postgresql.base import DatabaseWrapper
from common.replicas.positions import watches
from common.replicas.servers import replica_aliases
from common.replicas.written import written

FAULTS = (OperationalError, InterfaceError)
"""What a replica answers with that goes down, or gives its log precedence over a statement."""

_TOOK_TOO_LONG = "57014"
"""PostgreSQL's for a statement at the end of its time; it would take as long anywhere."""

Item = TypeVar("Item")
Result = TypeVar("Result")

log = structlog.get_logger()


class Reading:
    def __init__(self, caller: str) -> None:
        self._caller = caller
        self._alias: str | None = None
        self.has_written = False

    def alias(self) -> str:
        if self._alias is None:
            self._alias = _chosen(self._caller)
        return self._alias

    @property
    def is_on_replica(self) -> bool:
        return self._alias not in {None, DEFAULT_DB_ALIAS}

    def stay_at_primary(self) -> None:
        self._alias = DEFAULT_DB_ALIAS


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def reading_alias() -> str:
    reading = _reading.get()
    if reading is None:
        return DEFAULT_DB_ALIAS
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        reading.stay_at_primary()
    return reading.alias()


def reading_connection() -> DatabaseWrapper:
    """For statements that only read, and may be a moment behind what others wrote."""
    return cast("DatabaseWrapper", connections[reading_alias()])


def from_any(read: Callable[[], Result]) -> Result:
    """What `read` gives; read at the primary if the replica fails meanwhile."""
    try:
        return read()
    except FAULTS as error:
        if not is_fault_of_replica(error):
            raise
        give_up_replica(error)
        return read()


def is_fault_of_replica(error: Exception) -> bool:
    """Whether the primary may know an answer where there was this error."""
    took_too_long = getattr(error.__cause__, "sqlstate", "") == _TOOK_TOO_LONG
    return isinstance(error, FAULTS) and not took_too_long and is_on_replica()


def is_on_replica() -> bool:
    reading = _reading.get()
    return reading is not None and reading.is_on_replica


def stay_at_primary() -> None:
    """For the rest of this request."""
    reading = _reading.get()
    if reading is not None:
        reading.stay_at_primary()


def give_up_replica(error: Exception) -> None:
    """The same, after a fault of its replica."""
    log.warning("replicas.failed", exc_info=error)
    reading = _reading.get()
    if reading is not None and reading.is_on_replica:
        connections[reading.alias()].close()
        reading.stay_at_primary()


def note_writing() -> None:
    """The request writes after all, and reads what it wrote."""
    reading = _reading.get()
    if reading is not None:
        reading.has_written = True
        reading.stay_at_primary()


def has_written() -> bool:
    reading = _reading.get()
    return reading is not None and reading.has_written


def begin_reading(caller: str) -> None:
    """Inside `without_reading`, which ends it. A request that left its replica stays away."""
    if _reading.get() is None:
        _reading.set(Reading(caller))


@contextmanager
def without_reading() -> Iterator[None]:
    token = _reading.set(None)
    try:
        yield
    finally:
        _reading.reset(token)


def read_on(parts: Iterable[Item]) -> Iterator[Item]:
    """The parts of an answer that is made while it is sent, in the reading that it began in."""
    return _read_on(iter(parts), _reading.get())


def _read_on(parts: Iterator[Item], reading: Reading | None) -> Iterator[Item]:
    while True:
        token = _reading.set(reading)
        try:
            part = next(parts)
        except StopIteration:
            return
        finally:
            _reading.reset(token)
        yield part


def _chosen(caller: str) -> str:
    position = written.last_of(caller)
    if position is None:
        return DEFAULT_DB_ALIAS
    replicas = replica_aliases()
    for alias in random.sample(replicas, len(replicas)):
        if watches.fit(alias, wanted=position) and _is_reached(alias):
            return alias
    return DEFAULT_DB_ALIAS


def _is_reached(alias: str) -> bool:
    try:
        connections[alias].close_if_health_check_failed()
        connections[alias].ensure_connection()
    except Error:
        watches.of(alias).forget()
        return False
    return True
