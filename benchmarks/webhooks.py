"""Webhooks: one worker beside a bare asynchronous client, how soon an event arrives, and what the
upsert pays for them.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

import aiohttp
import orjson
import uvloop
from django.conf import settings
from django.db import connection

from benchmarks.load import measure
from benchmarks.product import Product
from benchmarks.receiver import Endpoint, endpoint
from benchmarks.upsert import upsert_of
from events.models import Event
from intake.inputs import UpsertInput
from intake.upsert import upsert_orders
from shops.models import Shop
from tests.documented_order import documented_order
from webhooks.dispatch import dispatch
from webhooks.models import Delivery, DeliveryState, Message, Webhook
from webhooks.services import create_webhook, delete_webhook

ROUNDS = 3
COST_ROUNDS = 6
BODIES = 12_000
AT_ONCE = 16
"""Requests of the bare client."""
EVENTS_WHEN_IDLE = 40
PAUSE = 0.2  # seconds between two of them
UPSERTS = 400

settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]


def run(product: Product) -> None:
    shop = Shop.objects.get(id=product.shop_id)
    with endpoint() as receiver:
        _throughput(shop, receiver)
        _latency(product, shop, receiver)
        _cost(product, shop, receiver)


def start_worker() -> "subprocess.Popen[bytes]":
    """A worker process, as `make run` starts it, but for loopback."""
    log = Path(settings.DATA_DIR) / "webhooks.log"
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", "deliver"],
            env={**os.environ, "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"},
            stdout=output,
            stderr=output,
        )


@contextmanager
def working() -> Iterator["subprocess.Popen[bytes]"]:
    worker = start_worker()
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(30)


def _throughput(shop: Shop, receiver: Endpoint) -> None:
    rounds = []
    for _ in range(ROUNDS):
        webhook, _ = create_webhook(shop, url=receiver.url(), enabled_events=["orders/placed"])
        place_orders(shop, BODIES)
        dispatch()
        bodies = [
            text.encode()
            for text in Message.objects.of(shop)
            .filter(deliveries__webhook=webhook)
            .values_list("body", flat=True)
        ]
        bare = asyncio.run(bare_client(receiver.url(), bodies))
        bare_uvloop = uvloop.run(bare_client(receiver.url(), bodies))
        receiver.take()
        with working():
            until(lambda: receiver.count() >= BODIES)
            until(lambda: not Delivery.objects.of(shop).filter(state=DeliveryState.PENDING))
        arrived = sorted(at for _, at, *_ in receiver.take())
        rounds.append((len(arrived) / (arrived[-1] - arrived[0]), bare, bare_uvloop))
        delete_webhook(webhook)
    size = statistics.mean(map(len, bodies))
    print(f"webhooks: {BODIES:,} bodies of {size:,.0f} bytes, medians of {ROUNDS} rounds")
    names = ("one worker, one endpoint", "a bare aiohttp client", "the same on uvloop")
    for place, name in enumerate(names):
        rate = statistics.median(one[place] for one in rounds)
        share = statistics.median(one[0] / one[place] for one in rounds)
        beside = f"   the worker does {share:.2f} of it" if place else ""
        print(f"  {name:<26} {rate:8,.0f} deliveries/s{beside}")


def place_orders(shop: Shop, count: int, *, tracking: bool = False) -> None:
    """Without HTTP, and with the nudges that every commit brings."""
    trackings = [{"tracking_number": "1Z12345E0205271686"}] if tracking else []
    for start in range(0, count, 1000):
        items = {}
        for index in range(min(1000, count - start)):
            number = uuid4().hex
            order = documented_order(order_number=number, external_id=number)
            items[index] = UpsertInput.model_validate(
                {"id": number, "order": order, "trackings": trackings}
            )
        upsert_orders(shop, items)


async def bare_client(url: str, bodies: list[bytes], *, at_once: int = AT_ONCE) -> float:
    """Deliveries per second."""
    unsent = iter(bodies)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def post_some() -> None:
            for body in unsent:
                # Named, as the worker's are: the receiver need not look into any body.
                headers = {"Content-Type": "application/json", "webhook-id": "bare"}
                async with session.post(url, data=body, headers=headers) as response:
                    await response.read()

        began = time.perf_counter()
        await asyncio.gather(*(post_some() for _ in range(at_once)))
        return len(bodies) / (time.perf_counter() - began)


def _latency(product: Product, shop: Shop, receiver: Endpoint) -> None:
    webhook, _ = create_webhook(shop, url=receiver.url(), enabled_events=["orders/placed"])
    with working():
        _put(product, 1)
        until(lambda: receiver.count() == 1)
        receiver.take()
        for _ in range(EVENTS_WHEN_IDLE):
            _put(product, 1)
            time.sleep(PAUSE)
        until(lambda: receiver.count() == EVENTS_WHEN_IDLE)
        arrived = {event_id: at for event_id, at, *_ in receiver.take()}
    recorded = dict(Event.objects.of(shop).filter(id__in=arrived).values_list("id", "created_at"))
    waits = sorted(1000 * (arrived[str(key)] - at.timestamp()) for key, at in recorded.items())
    p50, p95 = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    print(f"  idle, from the insert of an event to its receipt: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    delete_webhook(webhook)


def _cost(product: Product, shop: Shop, receiver: Endpoint) -> None:
    """Of the upsert itself: nobody relays meanwhile, as a worker on another machine would."""
    found: dict[int, list[float]] = {0: [], 1: [], 50: []}
    made: list[Webhook] = []
    _upserts(product)
    for number in range(COST_ROUNDS):
        counts = list(found)
        for count in counts if number % 2 else reversed(counts):  # tables grow: none always last
            while len(made) > count:
                delete_webhook(made.pop())
            while len(made) < count:
                made.append(create_webhook(shop, url=receiver.url())[0])
            found[count].append(_upserts(product))
            Event.objects.of(shop).filter(is_relayed=False).update(is_relayed=True)
    medians = {count: statistics.median(rates) for count, rates in found.items()}
    for count, took in medians.items():
        print(
            f"  PUT with {count:>2} webhooks: p50 {took:.2f} ms"
            f"   {took / medians[0]:.2f} of that without"
        )
    for webhook in made:
        delete_webhook(webhook)


def _upserts(product: Product) -> float:
    """Milliseconds for one, the median of those sent one after the other."""
    requests = [
        product.request("PUT", "/orders", orjson.dumps(upsert_of(uuid4().hex)))
        for _ in range(10 * UPSERTS)
    ]
    measured = measure(product.port, requests, connections=1, seconds=3)
    return measured.percentile(0.5)


def _put(product: Product, count: int) -> None:
    requests = [
        product.request("PUT", "/orders", orjson.dumps(upsert_of(uuid4().hex)))
        for _ in range(count + 1)
    ]
    for request in requests[:count]:
        _send(product.port, request)


def _send(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(request)
        client.recv(65536)


def until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit("it never came to that")
        time.sleep(0.02)
    connection.close_if_unusable_or_obsolete()
