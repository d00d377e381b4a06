"""Ids of seeded rows: UUIDs of version 7 like all others, but the same each time."""

from datetime import datetime
from random import Random
from uuid import UUID


class SeededIds:
    """Ids of one order's rows. Those of one millisecond ascend in the order of their making."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.getrandbits
        self._sequence = 0

    def at(self, time: datetime) -> UUID:
        """The id of a row that is made at this time (RFC 9562, section 5.7)."""
        milliseconds = int(time.timestamp() * 1000)
        self._sequence = (self._sequence + 1) % 4096
        return UUID(
            int=milliseconds << 80 | 7 << 76 | self._sequence << 64 | 2 << 62 | self._random(62)
        )
