"""Spans: what took how long, in which request. Told to nobody, unless the operator says to whom.

Who tells (`karla_portal.telemetry`) is put in place when a process starts. All spans of what
follows from a request are of one trace: its id is made of the request's, which events and messages
keep.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol

Said = Mapping[str, str | int]
"""Attributes: ids, counts, words from the code. Nothing that somebody sent, and no path."""


class SpanKind(StrEnum):
    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"


class Span(Protocol):
    headers: Mapping[str, str]
    """For whoever goes on with it: `traceparent` (W3C Trace Context)."""

    def rename(self, name: str) -> None: ...
    def note(self, said: Said) -> None: ...
    def fail(self, reason: str) -> None: ...


class Teller(Protocol):
    @contextmanager
    def span(
        self, name: str, kind: SpanKind, said: Said, *, within: Mapping[str, str], beside: str
    ) -> Iterator[Span]: ...


class NoSpan:
    headers: Mapping[str, str] = {}

    def rename(self, name: str) -> None:
        pass

    def note(self, said: Said) -> None:
        pass

    def fail(self, reason: str) -> None:
        pass


_NO_SPAN = NoSpan()
_teller: Teller | None = None


def tell_spans_to(teller: Teller | None) -> None:
    global _teller
    _teller = teller


def are_spans_told() -> bool:
    return _teller is not None


@contextmanager
def span(
    name: str,
    kind: SpanKind,
    said: Said,
    *,
    within: Mapping[str, str] | None = None,
    beside: str = "",
) -> Iterator[Span]:
    """`within`: headers of the span that this one is a part of, where that was elsewhere.

    `beside`: the `traceparent` of somebody else's, to which it is linked.
    """
    if _teller is None:
        yield _NO_SPAN
        return
    with _teller.span(name, kind, said, within=within or {}, beside=beside) as told:
        yield told


def trace_id_of(request_id: str) -> str:
    """32 hexadecimal digits. Hashed: ids of requests are of any form, and those of version 7 begin
    alike, by which samplers would choose."""
    return blake2b(request_id.encode(), digest_size=16).hexdigest()
