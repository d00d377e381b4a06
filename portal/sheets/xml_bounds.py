"""How large a part of a workbook would be in memory, found out without having it there.

A reader keeps what it has read of a row, or of a shared text, until that ends: a part with few ends
and many elements would fill the memory, however small it is when packed.
"""

from typing import IO
from xml.parsers import expat

PIECE = 256 * 1024


class Unbounded(Exception):
    """It holds more than was allowed, or XML of its own."""


class Bounds:
    """Walks through a part; `ends` is the element at whose end a reader forgets what it has."""

    def __init__(self, *, ends: str, most_ends: int, most_pending: int) -> None:
        self._ends = ends
        self._most_ends = most_ends
        self._most_pending = most_pending
        self._pending = 0
        self.found = 0
        self._depth = 0

    def check(self, part: IO[bytes]) -> None:
        """Raises Unbounded; ExpatError where it is no XML."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        while piece := part.read(PIECE):
            parser.Parse(piece)
        parser.Parse(b"", True)

    def _start(self, name: str, _attributes: object) -> None:
        self._pending += 1
        if self._pending > self._most_pending:
            raise Unbounded
        if name.endswith(self._ends):
            self._depth += 1

    def _end(self, name: str) -> None:
        if name.endswith(self._ends):
            self._depth -= 1
            if not self._depth:
                self._pending = 0
                self.found += 1
                if self.found > self._most_ends:
                    raise Unbounded

    def _refuse(self, *_declared: object) -> None:
        raise Unbounded
