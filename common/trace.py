"""Who does something, by which way in, and in which request: kept with every event.

A service never sees a request; the faces (HTTP, admin, commands, tasks) say here who acts,
and `events.services.record` writes it down, in the row that it writes anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import NamedTuple

SYSTEM = "system"
"""The actor of what nobody asked for: tasks by the clock."""


class Via(StrEnum):
    """The way in."""

    API = "api"
    PORTAL = "portal"
    BACK_OFFICE = "admin"
    CUSTOMER = "customer"
    FEED = "feed"
    JOB = "job"
    TASK = "task"


class Trace(NamedTuple):
    actor: str = ""
    """Such as `API key demo`, `ada@example.com` or `system`; empty when unknown."""
    request_id: str = ""
    via: Via | None = None
    call: str = ""
    """What was called: `PUT /orders`, a job, a task. Never a value out of a URL."""
    caller: str = ""
    """Who acts, for the log: an id, which names nobody to whoever reads it."""
    shop: str = ""
    """The slug of the shop that it is about, for the log."""
    key_hint: str = ""
    """The end of the API key, which tells keys of one name apart."""
    job: str = ""
    """The id of the job that does it, for the audit."""


_NOBODY = Trace()
_trace: ContextVar[Trace] = ContextVar("trace", default=_NOBODY)


def current_trace() -> Trace:
    return _trace.get()


def name_actor(actor: str, *, caller: str = "", key_hint: str = "", shop: str = "") -> None:
    """From here on in this request, `actor` is who acts; in the shop of this slug, if it says."""
    trace = _trace.get()
    shop = shop or trace.shop
    _trace.set(trace._replace(actor=actor, caller=caller, key_hint=key_hint, shop=shop))


def name_shop(slug: str) -> None:
    """From here on in this request, this is the shop that it is about."""
    _trace.set(_trace.get()._replace(shop=slug))


def name_call(via: Via, call: str) -> None:
    """From here on in this request, this is what was called."""
    _trace.set(_trace.get()._replace(via=via, call=call))


@contextmanager
def traced(
    *,
    actor: str = "",
    request_id: str = "",
    via: Via | None = None,
    call: str = "",
    shop: str = "",
    job: str = "",
) -> Iterator[None]:
    token = _trace.set(Trace(actor, request_id, via, call, shop=shop, job=job))
    try:
        yield
    finally:
        _trace.reset(token)
