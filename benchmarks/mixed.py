"""A day's whole mixture at once on a big database: upserts, scans, searches, dashboards, tracking
pages, and the webhooks of what happens; how quick each is, what each process holds and burns.

MIXED_ORDERS says how many orders there are, MIXED_SECONDS for how long it goes on.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import orjson
import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from analytics.refresh import refresh
from benchmarks.load import Asked, Measured, measure
from benchmarks.memory import Sampler
from benchmarks.product import Product, authorize
from benchmarks.receiver import endpoint
from benchmarks.upsert import upsert_of
from benchmarks.webhooks import until, working
from events.models import Event
from orders.models import Order
from orders.tracking_link import tracking_token
from seeding.plan import first_slug
from shipments.models import Shipment
from shops.models import Shop
from webhooks.services import create_webhook, delete_webhook

ORDERS = int(os.environ.get("MIXED_ORDERS") or 20_000)
SHOPS = 10
SECONDS = float(os.environ.get("MIXED_SECONDS") or 60)
CONNECTIONS = int(os.environ.get("MIXED_CONNECTIONS") or 8)
SEED = 11
WARMING = 5.0
"""Seconds."""
PATIENCE = 120
"""Seconds until the first webhook arrives: then all processes are up."""
KNOWN = 5_000
"""Orders and parcels of the biggest shop that requests are about."""
SAMPLES = 60
"""Of memory, over the run; no more than one a second."""
CELERY = ("celery", "-A", "karla_portal.celery")


def run(product: Product) -> None:
    call_command("seed", orders=ORDERS, shops=SHOPS, seed=SEED, verbosity=0)
    shop = Shop.objects.get(slug=first_slug(SEED))
    refresh(shop)
    requests = _Requests(product, shop, authorize(shop))
    connection.close()
    with ExitStack() as stack:
        receiver = stack.enter_context(endpoint())
        webhook, _ = create_webhook(shop, url=receiver.url(), enabled_events=["orders", "claims"])
        roots = {
            "web": product.web_pid,
            "deliver": stack.enter_context(working()).pid,
            "worker": stack.enter_context(_started("worker", *CELERY, "worker")),
            "beat": stack.enter_context(_started("beat", *CELERY, "beat")),
            **_servers(),
        }
        stream = requests.endless()
        measure(product.port, stream, connections=CONNECTIONS, seconds=WARMING)
        until(lambda: receiver.count() > 0, PATIENCE)
        receiver.take()
        sampler = Sampler(roots, every=max(1.0, SECONDS / SAMPLES))
        sampler.start()
        measured = measure(product.port, stream, connections=CONNECTIONS, seconds=SECONDS)
        sampler.stop()
        time.sleep(1)  # what is on its way still arrives
        waits = _waits(shop, {key: at for key, at, *_ in receiver.take()})
        delete_webhook(webhook)
        connection.close()
    _report(measured, waits, sampler)


class _Requests:
    """The kinds of requests as they come in a day: for each order a few scans and page views."""

    def __init__(self, product: Product, shop: Shop, authorization: str) -> None:
        self.product, self.shop, self.authorization = product, shop, authorization
        self.random = Random(1)
        newest = Order.objects.of(shop).newest_first()[:KNOWN]
        self.orders = list(newest.values_list("id", "order_number", "zip_code"))
        parcels = Shipment.objects.of(shop).fulfilled().order_by("-created_at")[:KNOWN]
        self.parcels = list(parcels.values_list("id", flat=True))
        self.now = datetime.now(UTC)

    def endless(self) -> Iterator[Asked]:
        kinds = {
            "upsert, new": (self._upsert, 4),
            "upsert, the same again": (self._same, 4),
            "scan": (self._scan, 8),
            "search by ZIP code": (self._search, 3),
            "order by number": (self._order, 3),
            "dashboard number": (self._number, 1),
            "tracking page": (self._page, 6),
        }
        names, weights = list(kinds), [weight for _, weight in kinds.values()]
        while True:
            [kind] = self.random.choices(names, weights)
            yield Asked(kind, kinds[kind][0]())

    def _request(self, method: str, path: str, body: object = None) -> bytes:
        content = b"" if body is None else orjson.dumps(body)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.product.port}\r\n"
            f"Authorization: {self.authorization}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    def _of_shop(self, method: str, path: str, body: object = None) -> bytes:
        return self._request(method, f"/v1/shops/{self.shop.slug}{path}", body)

    def _upsert(self) -> bytes:
        self.last = upsert_of(uuid4().hex)
        return self._of_shop("PUT", "/orders", self.last)

    def _same(self) -> bytes:
        return (
            self._of_shop("PUT", "/orders", self.last) if hasattr(self, "last") else self._upsert()
        )

    def _scan(self) -> bytes:
        self.now += timedelta(milliseconds=1)
        scan = {
            "event_name": "DEPARTURE_FROM_TRANSPORT_HUB",
            "event_time": self.now.isoformat(),
            "external_id": uuid4().hex,
        }
        return self._of_shop("POST", f"/shipments/{self.random.choice(self.parcels)}/events", scan)

    def _search(self) -> bytes:
        _, _, zip_code = self.random.choice(self.orders)
        return self._of_shop("GET", f"/orders?zip_code={zip_code.replace(' ', '%20')}&per_page=30")

    def _order(self) -> bytes:
        return self._of_shop("GET", f"/orders?order_number={self.random.choice(self.orders)[1]}")

    def _number(self) -> bytes:
        name = self.random.choice(("delivery_success_rate", "average_delivery_time", "claim_rate"))
        last = self.now.date()
        first = last - timedelta(days=self.random.choice((7, 30, 90)))
        return self._of_shop("GET", f"/analytics/{name}?from={first}&to={last}&interval=day")

    def _page(self) -> bytes:
        token = tracking_token(self.shop.id, self.random.choice(self.orders)[0])
        return self._request("GET", f"/t/{token}")


@contextmanager
def _started(name: str, *module: str) -> Iterator[int]:
    with (Path(settings.DATA_DIR) / f"{name}.log").open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", *module], stdout=output, stderr=output)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def _servers() -> dict[str, int]:
    """The first processes of the embedded servers of this data folder."""
    folder, found = str(settings.DATA_DIR), {}
    for process in psutil.process_iter(["cmdline", "name", "ppid"]):
        words = process.info["cmdline"] or []
        for name, program in (("PostgreSQL", "postgres"), ("Valkey", "valkey-server")):
            is_ours = folder in " ".join(words) or _works_in(process, folder)
            if words and program in Path(words[0].split(" ")[0]).name and is_ours:
                found.setdefault(name, process.pid)
    return found


def _works_in(process: psutil.Process, folder: str) -> bool:
    try:
        return process.cwd().startswith(folder)
    except psutil.Error:
        return False


def _waits(shop: Shop, arrived: dict[str, float]) -> Measured:
    recorded = Event.objects.of(shop).filter(id__in=arrived).values_list("id", "created_at")
    waits = [arrived[str(key)] - at.timestamp() for key, at in recorded]
    return Measured(seconds=SECONDS, latencies=waits)


def _report(measured: Measured, waits: Measured, sampler: Sampler) -> None:
    print(
        f"mixed: {ORDERS:,} orders in {SHOPS} shops, {CONNECTIONS} connections, "
        f"{measured.seconds:.0f} s, {len(os.sched_getaffinity(0))} cores, load generator included"
    )
    rows = [*sorted(measured.by_kind.items()), ("all requests", measured)]
    if waits.latencies:
        rows.append(("webhook, commit to receipt", waits))
    for name, one in rows:
        print(
            f"  {name:<28} {one.rate:8,.1f}/s  p50 {one.percentile(0.5):8.1f} ms"
            f"  p99 {one.percentile(0.99):8.1f} ms"
        )
    print("  memory (PSS) at the start and the end, its slope in the second half; CPU")
    for name, samples in sampler.samples.items():
        print(
            f"  {name:<28} {samples[0][1]:7,.0f} MB {samples[-1][1]:7,.0f} MB"
            f"  {sampler.slope(name):+7.2f} MB/min  {sampler.cores[name]:5.2f} cores"
        )
    heaviest = max(sampler.cores, key=lambda name: sampler.cores[name])
    used = sum(sampler.cores.values())
    print(f"  {used:.2f} cores in all; most of it {heaviest}")
