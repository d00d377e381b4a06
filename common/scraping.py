"""What Prometheus reads of the counts, and who may: METRICS_TOKEN opens it.

The web server has it at `/metrics`, with gauges. A worker or sender on a machine without one has it
on METRICS_PORT: its counts would otherwise reach nobody.
"""

import threading
from collections.abc import Callable, Iterable
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


def answer_scrapes() -> WSGIServer | None:
    """On METRICS_PORT, in a thread, if the settings name one and a token.

    Of several processes of a machine one answers for all, the first.
    """
    if not (settings.METRICS_PORT and settings.METRICS_TOKEN):
        return None
    try:
        server = make_server(
            settings.HOST, settings.METRICS_PORT, _answer, handler_class=_QuietHandler
        )
    except OSError as error:
        log.warning("metrics.port_taken", port=settings.METRICS_PORT, why=str(error))
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/metrics":
        start("404 Not Found", [])
        return []
    if not is_opened_by(environ.get("HTTP_AUTHORIZATION", "")):
        start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
        return []
    start("200 OK", [("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)])
    return [generate_latest(counts())]


class _QuietHandler(WSGIRequestHandler):
    timeout = 5  # seconds that a caller may take: one is answered after the other

    def log_message(self, *_said: object) -> None:
        """Each scrape would be a line."""
