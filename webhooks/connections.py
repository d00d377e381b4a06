"""Connections to endpoints, kept for the next delivery, and one request over one of them.

aiohttp makes and keeps them, and reads and writes HTTP. Its `ClientSession` is left out: what it
adds (cookies, redirects, proxies, a task that writes the body) no webhook wants, and it takes
longer than the rest of a delivery.
"""

import asyncio
import socket
from contextlib import AsyncExitStack
from functools import lru_cache, partial
from ipaddress import ip_address
from itertools import islice
from types import TracebackType
from typing import Any, Self, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError, StreamWriter
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from webhooks.addresses import may_be_reached
from webhooks.answer import Answer

WHOLE, TO_CONNECT, TO_READ = 15, 5, 10
"""Seconds: for all of it, for the connection, and between two pieces of the response."""
_PATIENCE = aiohttp.ClientTimeout(sock_connect=TO_CONNECT)
KEPT_OF_RESPONSE = 4096
"""Bytes."""
KEPT_HEADERS = 50
IDLE_CONNECTION = 30
"""Seconds for which a connection is kept for the next delivery."""
NAMES_REMEMBERED = 10
"""Seconds; the addresses are checked with every connection all the same."""


class AddressNotAllowed(OSError):
    """The name leads to an address that webhooks may not reach."""


class Connections:
    """To all endpoints. One in each process."""

    def __init__(self) -> None:
        self._connectors: dict[str, aiohttp.BaseConnector] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for scheme in ("http", "https"):
            connector = aiohttp.TCPConnector(
                limit=0,  # the lanes bound what is in flight
                socket_factory=partial(open_socket, scheme),
                keepalive_timeout=IDLE_CONNECTION,
                ttl_dns_cache=NAMES_REMEMBERED,
            )
            self._connectors[scheme] = await self._stack.enter_async_context(connector)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def post(self, address: str, headers: dict[str, str], body: bytes) -> Answer:
        """Whatever goes wrong is an answer, too."""
        try:
            async with asyncio.timeout(WHOLE):
                return await self._post(_target(address), headers, body)
        except TimeoutError as problem:
            return Answer(error=_clean(str(problem)) or f"No response within {WHOLE} seconds.")
        except HttpProcessingError as problem:
            return Answer(error=_clean(f"The response is not HTTP: {problem.message}"))
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            return Answer(error=_clean(str(_cause(problem))) or type(problem).__name__)

    async def _post(
        self, target: aiohttp.ClientRequest, headers: dict[str, str], body: bytes
    ) -> Answer:
        connection = await self._connected(target)
        try:
            answer = await _exchange(connection, target, headers, body)
        except BaseException:
            connection.close()
            raise
        connection.release()  # which closes it where something of the response was left unread
        return answer

    async def _connected(self, target: aiohttp.ClientRequest) -> Connection:
        connector = self._connectors[target.url.scheme]
        try:
            return await connector.connect(target, traces=[], timeout=_PATIENCE)
        except TimeoutError as problem:
            raise TimeoutError(f"No connection within {TO_CONNECT} seconds.") from problem


async def _exchange(
    connection: Connection, target: aiohttp.ClientRequest, headers: dict[str, str], body: bytes
) -> Answer:
    protocol = cast("ResponseHandler", connection.protocol)
    protocol.set_response_params(read_until_eof=True, auto_decompress=False, read_timeout=TO_READ)
    writer = StreamWriter(protocol, asyncio.get_running_loop())
    framing = {"Host": target.headers["Host"], "Content-Length": str(len(body))}
    await writer.write_headers(
        f"POST {target.url.raw_path_qs} HTTP/1.1", CIMultiDict(framing | headers)
    )
    await writer.write(body, drain=False)  # it may answer before it has read all of it
    writer.set_eof()
    protocol.start_timeout()
    head, content = await protocol.read()
    while head.code < 200 and head.code != 101:  # more is to come
        head, content = await protocol.read()
    kept = await _first_bytes(content)
    return Answer(
        status=head.code,
        headers=_kept_headers(head.headers),
        body=kept.decode(errors="replace").replace("\x00", "\ufffd"),
    )


async def _first_bytes(content: aiohttp.StreamReader) -> bytes:
    """At most KEPT_OF_RESPONSE, however much more there is."""
    kept = b""
    while len(kept) < KEPT_OF_RESPONSE and not content.at_eof():
        kept += await content.read(KEPT_OF_RESPONSE - len(kept))
    return kept


def _kept_headers(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """With lower-case names, without what PostgreSQL or JSON cannot hold."""
    return {
        name.lower()[:100]: value.encode(errors="replace").decode()[:1000]
        for name, value in islice(headers.items(), KEPT_HEADERS)
    }


def open_socket(scheme: str, address: Any) -> socket.socket:
    """For each address a connection is about to be made to, whatever led to it: the very one that
    is checked is the one that is connected."""
    family, kind, protocol, _, target = address
    host = ip_address(target[0].partition("%")[0])
    if not may_be_reached(host, scheme=scheme):
        reason = "is not public" if scheme == "https" else "may not be reached without TLS"
        raise AddressNotAllowed(f"The address {host} {reason}.")
    return socket.socket(family, kind, protocol)


@lru_cache(maxsize=4096)
def _target(address: str) -> aiohttp.ClientRequest:
    """What aiohttp asks of a request whose connection it looks for; it never sends this one."""
    return aiohttp.ClientRequest("POST", URL(address))


def _cause(problem: BaseException) -> BaseException:
    """aiohttp wraps what the operating system said."""
    return getattr(problem, "os_error", None) or problem


def _clean(text: str) -> str:
    """Without what PostgreSQL cannot hold."""
    return text.encode(errors="replace").decode().replace("\x00", "")
