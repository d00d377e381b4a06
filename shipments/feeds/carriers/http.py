"""How karrio's connectors reach the network: verified, in bounded time and size, nowhere else.

karrio opens URLs without a timeout, follows redirects with the credentials in hand, and on import
turns off the check of TLS certificates for the whole process. Here is what it uses instead.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from socket import gaierror
from ssl import SSLError, create_default_context
from threading import Event, Lock
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from django.utils import timezone

from shipments.feeds.carriers.troubles import (
    ANSWERED,
    BAD_CERTIFICATE,
    NO_ANSWER,
    NO_ANSWER_IN_TIME,
    NO_CONNECTION,
    NOTHING_FETCHED,
    TOO_LONG,
    TOO_SLOW,
    UNKNOWN_ADDRESS,
    CarrierBusy,
    CarrierTrouble,
    CarrierUnavailable,
    CredentialsRefused,
)

TIMEOUT = 10
"""Seconds without a byte."""
DEADLINE = 30
"""Seconds for a whole answer."""
MOST_BYTES = 5 * 1024 * 1024
PIECE = 64 * 1024
LONGEST_WAIT = timedelta(days=1)
WORDS: dict[type[Exception], str] = {
    TimeoutError: NO_ANSWER_IN_TIME,
    SSLError: BAD_CERTIFICATE,
    gaierror: UNKNOWN_ADDRESS,
    ConnectionError: NO_CONNECTION,
}


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


_opener = build_opener(_NoRedirects, HTTPSHandler(context=create_default_context()))
_turn = Lock()
_is_asking = Event()
_troubles: list[CarrierTrouble] = []


@contextmanager
def collecting_troubles() -> Iterator[None]:
    """Raises the first trouble of any request inside: karrio runs requests in threads of its own,
    and takes what they raise for an answer. One at a time in a process, and outside it none:
    some connectors fetch a signature or a picture while they read an answer.
    """
    with _turn:
        _troubles.clear()
        _is_asking.set()
        try:
            yield
        finally:
            _is_asking.clear()
            if _troubles:
                raise _troubles[0]


class Answer:
    """A response whose body was read already, as karrio's connectors read it."""

    def __init__(self, body: bytes, *, status: int, headers: Message, url: str) -> None:
        self._body = body
        self.status = self.code = status
        self.headers = headers
        self.url = url

    def read(self) -> bytes:
        return self._body

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def open_url(request: Request, timeout: float | None = None) -> Answer:
    """What karrio calls in place of its own `urlopen`; raises CarrierTrouble, or HTTPError for
    refusals that its connectors can read, such as that of an unknown number.
    """
    if not _is_asking.is_set():
        raise CarrierUnavailable(NOTHING_FETCHED)
    try:
        return _open(request)
    except CarrierTrouble as trouble:
        _troubles.append(trouble)
        raise


def _open(request: Request) -> Answer:
    deadline = time.monotonic() + DEADLINE
    try:
        with _opener.open(request, timeout=TIMEOUT) as response:
            body = _read(response, deadline)
            return Answer(body, status=response.status, headers=response.headers, url=response.url)
    except HTTPError as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        error.close()
        raise trouble from None
    except (URLError, OSError, HTTPException, ValueError) as error:
        raise CarrierUnavailable(_why(getattr(error, "reason", error))) from None


def _why(reason: object) -> str:
    """In words of ours: its own may name the URL, and some carriers take the key there."""
    for kind, words in WORDS.items():
        if isinstance(reason, kind):
            return words
    return NO_ANSWER.said(kind=type(reason).__name__)


def _trouble(error: HTTPError) -> CarrierTrouble | None:
    if error.code in (401, 403):
        return CredentialsRefused()
    if error.code == 429:
        return CarrierBusy(_retry_after(error.headers.get("Retry-After")))
    if error.code >= 500 or error.code < 400:
        return CarrierUnavailable(ANSWERED.said(status=error.code))
    return None


def _read(response: Any, deadline: float) -> bytes:
    pieces = []
    left = MOST_BYTES
    while piece := response.read1(PIECE):
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            raise CarrierUnavailable(TOO_LONG.said(bytes=f"{MOST_BYTES:,}"))
        if time.monotonic() > deadline:
            raise CarrierUnavailable(TOO_SLOW.said(seconds=DEADLINE))
    return b"".join(pieces)


def _retry_after(said: str | None) -> timedelta | None:
    """Seconds or a date (RFC 9110); None for what is neither."""
    said = (said or "").strip()
    if said.isdecimal():
        return min(timedelta(seconds=min(int(said), 10**6)), LONGEST_WAIT)
    try:
        until: datetime = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - timezone.now(), timedelta(0)), LONGEST_WAIT)
