"""The product as `make run` runs it, on a data folder and a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from karla_portal.embedded.services import running
from shops.keys import issue_api_key
from shops.models import Organization, Role, Shop


@dataclass(frozen=True, kw_only=True)
class Product:
    port: int
    shop_id: str
    slug: str
    authorization: str
    web_pid: int
    """The web server's main process."""

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The bytes of an HTTP request below the shop's URL."""
        head = (
            f"{method} /v1/shops/{self.slug}{path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
            f"Authorization: {self.authorization}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
        )
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        return f"{head}{more}\r\n".encode() + body


@contextmanager
def product() -> Iterator[Product]:
    with running(Path(os.environ["DATA_DIR"])):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        shop = _make_shop()
        authorization = authorize(shop)
        connections.close_all()
        port = free_port()
        with web_server(port) as web_pid:
            yield Product(
                port=port,
                shop_id=str(shop.id),
                slug=shop.slug,
                authorization=authorization,
                web_pid=web_pid,
            )
        connections.close_all()


def authorize(shop: Shop) -> str:
    """The Authorization header of a new key that may do everything in the shop."""
    _, secret = issue_api_key(
        organization=shop.organization, username=shop.slug, grants={shop: Role.ADMIN}
    )
    return "Basic " + b64encode(f"{shop.slug}:{secret}".encode()).decode()


def _make_shop() -> Shop:
    slug = f"bench-{int(time.time())}"
    organization = Organization.objects.create(name=slug)
    return Shop.objects.create(organization=organization, slug=slug, name=slug)


@contextmanager
def web_server(port: int) -> Iterator[int]:
    log = Path(settings.DATA_DIR) / "web.log"
    with log.open("wb") as output:
        web = subprocess.Popen(
            [sys.executable, "-m", "karla_portal.web"],
            env={**os.environ, "PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    try:
        _await(f"http://localhost:{port}/healthz", web)
        yield web.pid
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(30)


def _await(url: str, web: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if web.poll() is not None:
            raise SystemExit(f"the web server ended with {web.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web server did not answer within 30 s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
