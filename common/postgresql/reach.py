"""Whether a server can be reached: while it cannot, one thread tries, and the others need not.

Else each request would wait out `connect_timeout`, and those behind it for a thread.
"""

from collections import defaultdict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from psycopg import OperationalError

Connection = TypeVar("Connection")


class Reach:
    def __init__(self) -> None:
        self._is_lost = False
        self._trying = Lock()

    def connected(self, connect: Callable[[], Connection]) -> Connection:
        """What `connect` returns; raises OperationalError where another thread tries just now."""
        if not self._is_lost:
            return self._tried(connect)
        if not self._trying.acquire(blocking=False):
            raise OperationalError("the server could not be reached; another thread tries")
        try:
            return self._tried(connect)
        finally:
            self._trying.release()

    def _tried(self, connect: Callable[[], Connection]) -> Connection:
        try:
            connection = connect()
        except OperationalError:
            self._is_lost = True
            raise
        self._is_lost = False
        return connection


reaches: defaultdict[str, Reach] = defaultdict(Reach)
"""By alias, for all threads of this process."""
