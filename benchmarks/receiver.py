"""An endpoint in a process of its own that answers 200 and notes when each event arrived.

It parses as little HTTP as it can: what is measured is who calls it.
"""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops"


@dataclass(frozen=True)
class Endpoint:
    port: int
    pipe: Any

    def url(self, path: str = "/ok") -> str:
        """`/ok` answers 200, `/error` 500, `/never` nothing."""
        return f"http://127.0.0.1:{self.port}{path}"

    def count(self, path: str = "/ok") -> int:
        self.pipe.send(("count", path))
        return self.pipe.recv()

    def take(self, path: str = "/ok") -> list[tuple[str, float, dict[str, str], bytes]]:
        """What arrived since the last time: event id, Unix time, headers and body."""
        self.pipe.send(("take", path))
        return self.pipe.recv()


@contextmanager
def endpoint(*, keeps_bodies: bool = False) -> Iterator[Endpoint]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, keeps_bodies), daemon=True)
    process.start()
    try:
        yield Endpoint(ours.recv(), ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Any, keeps_bodies: bool) -> None:
    asyncio.run(_serve_until_killed(pipe, keeps_bodies))


async def _serve_until_killed(pipe: Any, keeps_bodies: bool) -> None:
    received: dict[str, list[Any]] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Connection(received, keeps_bodies), "127.0.0.1", 0, backlog=512
    )
    pipe.send(server.sockets[0].getsockname()[1])
    while True:
        command, path = await loop.run_in_executor(None, pipe.recv)
        found = received.setdefault(path, [])
        if command == "count":
            pipe.send(len(found))
        else:
            pipe.send(received.pop(path))


class _Connection(asyncio.Protocol):
    def __init__(self, received: dict[str, list[Any]], keeps_bodies: bool) -> None:
        self.received = received
        self.keeps_bodies = keeps_bodies
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            head, separator, rest = self.buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {}
            for line in lines:
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.answer(first.split(" ")[1], headers, rest[:length])

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> None:
        event_id = headers.get("webhook-id") or json.loads(body)["event_id"]
        kept = (headers, body) if self.keeps_bodies else ({}, b"")
        self.received.setdefault(path, []).append((event_id, time.time(), *kept))
        if path == "/error":
            self.transport.write(ERROR)
        elif path != "/never":
            self.transport.write(ANSWER)
