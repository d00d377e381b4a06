"""An endpoint on loopback that writes down what it got, and answers as it is told."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import orjson
from aiohttp import web


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return orjson.loads(self.body)


Respond = Callable[[Received], Any]


def all_is_well(_received: Received) -> web.Response:
    return web.Response(text="thanks")


@dataclass
class Receiver:
    respond: Respond = all_is_well
    received: list[Received] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    port: int = 0

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.connections.add(request.transport.get_extra_info("peername"))
        received = Received(request.path, dict(request.headers), await request.read())
        self.received.append(received)
        answer = self.respond(received)
        return await answer(request) if callable(answer) else answer

    async def serve(self, ready: Event, stop: asyncio.Event) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        await runner.cleanup()


@contextmanager
def receiving(respond: Respond = all_is_well) -> Iterator[Receiver]:
    receiver, ready = Receiver(respond), Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = Thread(target=lambda: loop.run_until_complete(receiver.serve(ready, stop)))
    thread.start()
    assert ready.wait(10)
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
