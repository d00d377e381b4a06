"""Webhooks while workers are killed and the broker goes down: nothing is lost, little comes twice.

CHAOS_EVENTS says how many orders at least: they go on until a worker was killed. The run fails if
what it must show is not so.
"""

import os
import threading
import time
from collections import Counter
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from benchmarks.product import Product
from benchmarks.receiver import Endpoint, endpoint
from benchmarks.webhooks import place_orders, start_worker, until
from events.models import Event
from karla_portal.embedded.services import used
from karla_portal.embedded.valkey import Valkey
from shops.models import Shop
from webhooks.models import Delivery, DeliveryState
from webhooks.services import create_webhook, delete_webhook
from webhooks.signing import karla_signature

EVENTS = int(os.environ.get("CHAOS_EVENTS") or 20_000)
CHUNK = 200
KILL_EVERY = float(os.environ.get("CHAOS_KILL_EVERY") or 4.0)
"""Seconds after it began to send: how long a start takes is the machine's business."""
MOST_TWICE = float(os.environ.get("CHAOS_MOST_TWICE") or 0.01)
"""Of all deliveries; a short run sees more kills for each of them than a long one."""
PATIENCE = 600

SUBSCRIPTIONS = {"/placed": ["orders/placed"], "/group": ["order_placed"], "/path": ["orders"]}


def run(product: Product) -> None:
    shop = Shop.objects.get(id=product.shop_id)
    with endpoint(keeps_bodies=True) as receiver, ExitStack() as stack:
        secrets, webhooks = {}, []
        for path, events in SUBSCRIPTIONS.items():
            webhook, secrets[path] = create_webhook(
                shop, url=receiver.url(path), enabled_events=events
            )
            webhooks.append(webhook)
        began = time.monotonic()
        killer = Killer(receiver.port)
        killer.start()
        try:
            for start in count(0, CHUNK):
                if start >= EVENTS and (killer.kills or not killer.is_alive()):
                    break
                # Some orders come with a tracking, whose events not everybody is subscribed to.
                tracking = start % (10 * CHUNK) == 0
                place_orders(shop, CHUNK, tracking=tracking)
                if start == EVENTS // 2 // CHUNK * CHUNK:
                    stack.enter_context(used(_killed_broker()))
            until(lambda: _is_done(shop), PATIENCE)
        finally:
            kills = killer.stop()
        seconds = time.monotonic() - began
        ours = Event.objects.of(shop).filter(created_at__gte=webhooks[0].created_at)
        expected = {
            path: {str(key) for key in ours.filter(ref__in=refs).values_list("id", flat=True)}
            for path, refs in {
                "/placed": ["orders/placed"],
                "/group": ["orders/placed"],
                "/path": ["orders/placed", "orders/fulfilled"],
            }.items()
        }
        twice = sum(_check(receiver, path, secrets[path], expected[path]) for path in expected)
        total = sum(map(len, expected.values()))
        print(
            f"chaos: {total:,} deliveries of {ours.count():,} events to 3 webhooks in "
            f"{seconds:.0f} s, worker killed {kills} times, broker killed once"
        )
        print(f"  none lost, none too many, all signatures right; {twice / total:.2%} came twice")
        if kills < 1 or twice >= MOST_TWICE * total:
            raise SystemExit(f"{twice:,} of {total:,} came twice, after {kills} kills")
        for webhook in webhooks:
            delete_webhook(webhook)


class Killer(threading.Thread):
    """Runs a worker, kills it with -9 a while after it began to send, and starts the next one."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.kills = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        worker = start_worker()
        while True:
            while not self.is_over.wait(0.1) and not self._sends(psutil.Process(worker.pid)):
                pass
            if self.is_over.wait(KILL_EVERY):
                break
            worker.kill()
            worker.wait()
            self.kills += 1
            worker = start_worker()
        worker.terminate()
        worker.wait(30)

    def _sends(self, worker: psutil.Process) -> bool:
        connections = worker.net_connections("tcp4")
        return any(one.raddr and one.raddr.port == self.port for one in connections)

    def stop(self) -> int:
        self.is_over.set()
        self.join(40)
        return self.kills


def _killed_broker() -> Valkey:
    """Kill the embedded Valkey as it runs; whoever uses what is returned starts it again."""
    valkey = Valkey(Path(settings.DATA_DIR))
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        if "valkey-server" in " ".join(words) and str(valkey.folder) in " ".join(
            [*words, _cwd(process)]
        ):
            process.kill()
    until(lambda: not valkey.accepts(), 10)
    return valkey


def _cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def _is_done(shop: Shop) -> bool:
    waiting = Delivery.objects.of(shop).exclude(state=DeliveryState.SUCCEEDED).exists()
    unrelayed = Event.objects.of(shop).filter(is_relayed=False).exists()
    connection.close()
    return not waiting and not unrelayed


def _check(receiver: Endpoint, path: str, secret: str, expected: set[str]) -> int:
    """How many came twice; raises for what is missing, too many, or not signed."""
    received = receiver.take(path)
    counts = Counter(event_id for event_id, *_ in received)
    if missing := expected - set(counts):
        raise SystemExit(f"{len(missing)} events never reached {path}")
    if foreign := set(counts) - expected:
        raise SystemExit(f"{len(foreign)} events reached {path} that it is not subscribed to")
    for _, _, headers, body in received:
        said, signature = headers["karla-signature"].split(",")
        if signature != f"v1={karla_signature(body, secret, int(said.removeprefix('t=')))}":
            raise SystemExit(f"a signature at {path} is wrong")
    return sum(counts.values()) - len(counts)
