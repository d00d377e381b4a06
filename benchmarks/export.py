"""The export of a million shipments as CSV: how fast, and how much memory the web server takes.

Once read as fast as it comes, and once by somebody who stops reading after the first megabyte: what
is not read must not pile up.
"""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.many_shipments import make_shipments
from benchmarks.product import Product
from karla_portal.embedded.services import postgres_url
from portal.shipment_export import BATCH
from shipments.models import Shipment
from shops.models import Membership, Organization, Role, Shop, User

ROWS = 1_000_000
SLUG = "bench-million"
SAMPLED_EVERY = 0.05
UNREAD_SECONDS = 10.0
MEGABYTE = 1 << 20
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


def run(product: Product) -> None:
    shop = shop_with_shipments()
    cookie = cookie_of_member(shop)
    connection.close()
    _download(product, cookie, "?phase=delivery_failed")  # so that all code is loaded
    whole = _download(product, cookie, "")
    few = _download(product, cookie, "?country_code=AT")
    unread = _download(product, cookie, "", most=MEGABYTE, then=UNREAD_SECONDS)
    print(f"export of {ROWS:,} shipments as CSV; {BATCH:,} rows a query")
    for name, one in (("all", whole), ("country_code=AT", few)):
        print(
            f"  {name:<16} {one.rows:9,} rows, {one.size / 1e6:5.0f} MB in {one.seconds:5.1f} s: "
            f"{one.rows / one.seconds:7,.0f} rows/s; first byte after {one.first * 1e3:4.0f} ms; "
            f"memory of the web server {one.memory}"
        )
    print(f"  unread for {UNREAD_SECONDS:.0f} s after 1 MB: memory {unread.memory}")


@dataclass
class Memory:
    """Of all processes of the web server together, in KB; what they share counts in each."""

    pid: int
    before: int = 0
    peak: int = 0
    _sampled: float = field(default=0, repr=False)

    def __post_init__(self) -> None:
        self.before = self.peak = self._now()

    def sample(self) -> None:
        if time.perf_counter() - self._sampled > SAMPLED_EVERY:
            self._sampled = time.perf_counter()
            self.peak = max(self.peak, self._now())

    def __str__(self) -> str:
        return f"{self.before / 1024:.0f} MB, at most {(self.peak - self.before) / 1024:+.1f} MB"

    def _now(self) -> int:
        return sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KB
            for pid in _family(self.pid)
        )


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    rows: int
    size: int
    seconds: float
    first: float
    """Seconds to the first byte of the body."""
    memory: Memory


def _download(
    product: Product, cookie: str, query: str, *, most: int | None = None, then: float = 0
) -> Downloaded:
    """All of it; or `most` bytes, and then nothing for some seconds, before hanging up."""
    memory = Memory(product.web_pid)
    began = time.perf_counter()
    first, size, rows = 0.0, 0, -1  # the head is no row
    for chunk in _body(product, f"/shops/{SLUG}/shipments.csv{query}", cookie):
        first = first or time.perf_counter() - began
        size += len(chunk)
        rows += chunk.count(b"\r\n")
        memory.sample()
        if most is not None and size >= most:
            break
    seconds = time.perf_counter() - began
    until = time.perf_counter() + then
    while time.perf_counter() < until:
        time.sleep(SAMPLED_EVERY)
        memory.sample()
    return Downloaded(rows=rows, size=size, seconds=seconds, first=first, memory=memory)


def _body(product: Product, path: str, cookie: str) -> Iterator[bytes]:
    """The chunks of a chunked answer; whatever is no 200 ends the benchmark."""
    with socket.create_connection(("localhost", product.port)) as client:
        client.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{product.port}\r\nCookie: {cookie}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        with client.makefile("rb", buffering=MEGABYTE) as answer:
            status = answer.readline()
            if b" 200 " not in status:
                raise SystemExit(f"the export answered {status.decode()}")
            while answer.readline().strip():
                pass
            while length := int(answer.readline(), 16):
                yield answer.read(length)
                answer.readline()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def shop_with_shipments() -> Shop:
    shop = Shop.objects.filter(slug=SLUG).first()
    if shop is None:
        organization = Organization.objects.create(name=SLUG)
        shop = Shop.objects.create(
            organization=organization, slug=SLUG, name=SLUG, timezone="Europe/Berlin"
        )
    if not Shipment.objects.of(shop).exists():
        dsn = os.environ.get("DATABASE_URL") or postgres_url(Path(os.environ["DATA_DIR"]))
        make_shipments(dsn, str(shop.id), ROWS)
    return shop


def cookie_of_member(shop: Shop) -> str:
    user = User.objects.create_user(f"bench-{time.time_ns()}@example.com", "not for logging in")
    Membership.objects.create(shop=shop, user=user, role=Role.VIEWER)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"
