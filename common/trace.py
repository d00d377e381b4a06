"""Who does something, and in which request: carried beside the call, kept with every event.

A service never sees a request; the faces (HTTP, admin, commands, tasks) say here who acts,
and `events.services.record` writes it down.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Trace:
    actor: str = ""
    """Such as `api key demo`, `ada@example.com` or `system`; empty when unknown."""
    request_id: str = ""


_NOBODY = Trace()
_trace: ContextVar[Trace] = ContextVar("trace", default=_NOBODY)


def current_trace() -> Trace:
    return _trace.get()


def name_actor(actor: str) -> None:
    """From here on in this request, `actor` is who acts."""
    _trace.set(replace(_trace.get(), actor=actor))


@contextmanager
def traced(*, actor: str = "", request_id: str = "") -> Iterator[None]:
    token = _trace.set(Trace(actor=actor, request_id=request_id))
    try:
        yield
    finally:
        _trace.reset(token)
