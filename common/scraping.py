"""What Prometheus reads of the counts, and who may: METRICS_TOKEN opens it.

The web server has it at `/metrics`, with gauges. A worker or sender on a machine without one has it
on METRICS_PORT: its counts would otherwise reach nobody.
"""

import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from django.conf import settings
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from common.counters import FOLDER, FROM_THE_START, counter

log = structlog.get_logger()


def is_opened_by(authorization: str) -> bool:
    return constant_time_compare(authorization, f"Bearer {settings.METRICS_TOKEN}")


def counts() -> CollectorRegistry:
    """Of all processes of this machine."""
    registry = CollectorRegistry(auto_describe=False)
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    for metric, labels in FROM_THE_START.items():
        for label in labels:
            counter(metric, label)
    MultiProcessCollector(registry, str(FOLDER))  # type: ignore[no-untyped-call]
    return registry


def answer_scrapes() -> "ScrapeServer | None":
    """On METRICS_PORT, if the settings name one and a token."""
    if not (settings.METRICS_PORT and settings.METRICS_TOKEN):
        return None
    server = ScrapeServer(settings.METRICS_PORT)
    server.start()
    return server


class ScrapeServer(threading.Thread):
    """Of several processes of a machine one answers for all; when it ends, another does."""

    again_after = 15.0
    """Seconds between two looks whether the port is free."""

    def __init__(self, port: int) -> None:
        super().__init__(name="metrics", daemon=True)
        self.port = port
        self._is_over = threading.Event()

    def run(self) -> None:
        told = ""
        while not self._is_over.is_set():
            try:
                with make_server(settings.HOST, self.port, _answer, _Server, _Handler) as server:
                    log.info("metrics.answered", port=self.port)
                    while not self._is_over.is_set():
                        server.handle_request()
            except OSError as error:
                if (why := str(error)) != told:
                    log.warning("metrics.not_answered", port=self.port, why=why)
                    told = why
                self._is_over.wait(self.again_after)

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def _answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/metrics":
        start("404 Not Found", [])
        return []
    if not is_opened_by(environ.get("HTTP_AUTHORIZATION", "")):
        start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
        return []
    start("200 OK", [("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)])
    return [generate_latest(counts())]


class _Server(ThreadingMixIn, WSGIServer):
    """Whoever is slow keeps nobody waiting."""

    daemon_threads = True
    timeout = 1.0  # seconds until it looks whether it is over


class _Handler(WSGIRequestHandler):
    timeout = 5  # seconds without a byte

    def log_message(self, *_said: object) -> None:
        """Each scrape would be a line."""
