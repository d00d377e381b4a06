"""psycopg as Django asks for it (PEP 249), with connections that do not wait for ever.

A server may fall silent without being gone: a stopped machine, a network that swallows. Then
nothing breaks: `statement_timeout` is kept by the server, and the kernel may be quite content.
"""

from typing import Any, ClassVar

import psycopg
from psycopg import (
    Binary,
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from psycopg.errors import _WaitTimeout

__all__ = [
    "Binary",
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "connect",
    "wait_no_longer",
]

ANSWERED_WITHIN = 35.0
"""Seconds: more than `statement_timeout`, within which a server that is well has answered."""


class Connection(psycopg.Connection[Any]):
    patience: ClassVar[float | None] = None
    """Seconds for each answer; None: as long as it takes."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except _WaitTimeout as silence:
            self.pgconn.finish()  # it is in the middle of something
            raise OperationalError("the server does not answer") from silence


connect = Connection.connect


def wait_no_longer() -> None:
    """For processes whose statements all keep to `statement_timeout`."""
    Connection.patience = ANSWERED_WITHIN
