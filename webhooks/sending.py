"""One attempt: the request, over a connection to an address that was checked, and its response."""

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractCookieJar
from multidict import CIMultiDictProxy
from yarl import URL

from common.database_clock import database_clock
from common.encryption import Undecryptable, decrypt
from common.ids import new_id
from common.spans import Said, SpanKind, are_spans_told, span
from common.trace import traced
from webhooks.addresses import may_be_reached
from webhooks.models import DeliveryState
from webhooks.queue import Claimed, Outcome
from webhooks.schedule import next_attempt_at, retry_after
from webhooks.signing import signature_headers

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5, sock_read=10)
"""Seconds: for the whole, for the connection, and between two pieces of the response."""
KEPT_OF_RESPONSE = 4096
"""Bytes."""
KEPT_HEADERS = 50
USER_AGENT = "Karla-Webhooks/1 (+https://www.standardwebhooks.com)"
IDLE_CONNECTION = 30
"""Seconds for which a connection is kept for the next delivery."""
NAMES_REMEMBERED = 10
"""Seconds; the addresses are checked with every connection all the same."""


class AddressNotAllowed(OSError):
    """The name leads to an address that webhooks may not reach."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    status: int | None = None
    headers: dict[str, str] | None = None
    body: str = ""
    error: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Sender:
    """Connections to all endpoints, kept for the next delivery. One in each process."""

    def __init__(self, *, verify: ssl.SSLContext | bool = True) -> None:
        self._verify = verify
        self._sessions: dict[str, aiohttp.ClientSession] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for scheme in ("http", "https"):
            connector = aiohttp.TCPConnector(
                limit=0,  # the lanes bound what is in flight
                ssl=self._verify,
                socket_factory=partial(open_socket, scheme),
                keepalive_timeout=IDLE_CONNECTION,
                ttl_dns_cache=NAMES_REMEMBERED,
            )
            self._sessions[scheme] = await self._stack.enter_async_context(
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=TIMEOUT,
                    cookie_jar=_no_cookies(),
                    auto_decompress=False,
                    skip_auto_headers=["User-Agent", "Accept", "Accept-Encoding"],
                )
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def attempt(self, claimed: Claimed) -> Outcome:
        """Try once; whatever goes wrong is an outcome, too."""
        if not are_spans_told():
            return await self._attempt(claimed, {})
        said: Said = {
            "http.request.method": "POST",
            "karla.webhook": str(claimed.webhook_id),
            "karla.delivery": str(claimed.id),
            "karla.attempt": claimed.number,
        }
        with (
            traced(request_id=claimed.request_id),
            span("webhook attempt", SpanKind.CLIENT, said) as told,
        ):
            outcome = await self._attempt(claimed, told.headers)
            if status := outcome.attempt["status"]:
                told.note({"http.response.status_code": status})
            if not outcome.is_success:
                told.fail(str(status or "no response"))
            return outcome

    async def _attempt(self, claimed: Claimed, further_headers: Mapping[str, str]) -> Outcome:
        started = time.perf_counter()
        headers: dict[str, str] = {}
        body = claimed.body.encode()
        try:
            headers = request_headers(
                claimed, body, timestamp=int(database_clock.now().timestamp())
            )
            headers |= further_headers
            answer = await self.post(claimed.url, headers, body)
        except Undecryptable as problem:
            answer = Answer(error=str(problem))
        return outcome_of(
            claimed, headers, answer, latency=round(1000 * (time.perf_counter() - started))
        )

    async def post(self, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
        url = _url(address)
        try:
            async with self._sessions[url.scheme].post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                kept = await _first_bytes(response)
                return Answer(
                    status=response.status,
                    headers=_kept_headers(response.headers),
                    body=kept.decode(errors="replace").replace("\x00", "\ufffd"),
                )
        except AddressNotAllowed as problem:
            return Answer(error=str(problem))
        except TimeoutError as problem:
            return Answer(error=_text(problem) or "No response within 15 seconds.")
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            return Answer(error=_text(_cause(problem)) or type(problem).__name__)


def open_socket(scheme: str, address: Any) -> socket.socket:
    """For each address a connection is about to be made to, whatever led to it: the very one that
    is checked is the one that is connected."""
    family, kind, protocol, _, target = address
    host = ip_address(target[0].partition("%")[0])
    if not may_be_reached(host, scheme=scheme):
        reason = "is not public" if scheme == "https" else "may not be reached without TLS"
        raise AddressNotAllowed(f"The address {host} {reason}.")
    return socket.socket(family, kind, protocol)


def request_headers(claimed: Claimed, body: bytes, *, timestamp: int) -> dict[str, str]:
    kept = (claimed.secret, claimed.previous_secret)
    secrets = [_decrypted(secret) for secret in kept if secret]
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        **({"Karla-Test": "true"} if claimed.is_test else {}),
        **({"X-Request-ID": claimed.request_id} if claimed.request_id else {}),
        **signature_headers(
            body, message_id=str(claimed.message_id), secrets=secrets, timestamp=timestamp
        ),
    }


def outcome_of(
    claimed: Claimed, headers: dict[str, str], answer: Answer, *, latency: int
) -> Outcome:
    now = database_clock.now()
    state, next_at = DeliveryState.SUCCEEDED, None
    if not answer.is_success:
        wish = retry_after((answer.headers or {}).get("retry-after"), now=now)
        next_at = next_attempt_at(claimed.retries, now=now, wish=wish)
        state = DeliveryState.PENDING if next_at else DeliveryState.FAILED
    return Outcome(
        claimed=claimed,
        state=state,
        next_attempt_at=next_at,
        attempt={
            "id": new_id(),
            "shop_id": claimed.shop_id,
            "webhook_id": claimed.webhook_id,
            "delivery_id": claimed.id,
            "number": claimed.number,
            "url": claimed.url,
            "request_headers": headers,
            "status": answer.status,
            "response_headers": answer.headers,
            "response_body": answer.body,
            "error": answer.error[:500],
            "latency": latency,
            "is_success": answer.is_success,
            "next_attempt_at": next_at,
        },
    )


async def _first_bytes(response: aiohttp.ClientResponse) -> bytes:
    """At most KEPT_OF_RESPONSE. If there is more, the connection is closed rather than read on."""
    kept = bytearray()
    while len(kept) < KEPT_OF_RESPONSE:
        piece = await response.content.read(KEPT_OF_RESPONSE - len(kept))
        if not piece:
            return bytes(kept)
        kept += piece
    if not response.content.at_eof():
        response.close()
    return bytes(kept)


def _kept_headers(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """With lower-case names, without what PostgreSQL or JSON cannot hold."""
    return {
        name.lower()[:100]: value.encode(errors="replace").decode()[:1000]
        for name, value in list(headers.items())[:KEPT_HEADERS]
    }


@lru_cache(maxsize=4096)
def _url(address: str) -> URL:
    return URL(address)


@lru_cache(maxsize=4096)
def _decrypted(secret: str) -> str:
    return decrypt(secret)


def _cause(problem: BaseException) -> BaseException:
    """aiohttp wraps what the operating system said."""
    return getattr(problem, "os_error", None) or problem


def _text(problem: BaseException) -> str:
    return str(problem).encode(errors="replace").decode().replace("\x00", "")


def _no_cookies() -> AbstractCookieJar:
    return aiohttp.DummyCookieJar(loop=asyncio.get_running_loop())
