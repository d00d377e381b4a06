"""A day's whole mixture at once on a big database: upserts, scans, searches, dashboards, tracking
pages, and the webhooks of what happens; how quick each is beside its floor, where the limit is, and
what each process holds and burns.

MIXED_ORDERS says how many orders there are (1000000: those of `benchmarks.search`), MIXED_SECONDS
for how long it goes on (1800: whether memory grows), MIXED_CONNECTIONS how many requests at once.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from analytics.refresh import refresh
from benchmarks import mixed_report, search
from benchmarks.load import Measured, measure
from benchmarks.memory import Sampler
from benchmarks.mixed_floors import milliseconds_alone
from benchmarks.mixed_report import Step
from benchmarks.mixture import Mixture
from benchmarks.product import Product, authorize
from benchmarks.receiver import endpoint
from benchmarks.webhooks import until, working
from events.models import Event
from seeding.plan import first_slug
from shops.models import Shop
from webhooks.models import Delivery, DeliveryState, Webhook
from webhooks.services import create_webhook, delete_webhook

ORDERS = int(os.environ.get("MIXED_ORDERS") or 20_000)
IS_MILLION = ORDERS == search.ORDERS
SHOPS = search.SHOPS if IS_MILLION else 10
SEED = search.SEED if IS_MILLION else 11
SECONDS = float(os.environ.get("MIXED_SECONDS") or 60)
CONNECTIONS = int(os.environ.get("MIXED_CONNECTIONS") or 8)
STEPS = (1, 2, 4, 8, 16, 32)
"""Connections, to find the limit."""
STEP_SECONDS = min(10.0, max(2.0, SECONDS / 20))
WARMING = 5.0
"""Seconds."""
FLOOR_SECONDS = 5.0
PATIENCE = 120
"""Seconds until the first webhook arrives, for all processes to be up; and until all are told."""
SAMPLES = 60
"""Of memory, over the run; no more than one a second."""
AT_ONCE = 5_000
CELERY = ("celery", "-A", "karla_portal.celery")


def run(product: Product) -> None:
    until_day = ["--until", search.UNTIL] if IS_MILLION else []
    seed = f"seed --orders {ORDERS} --shops {SHOPS} --seed {SEED} --verbosity 0"
    call_command(*seed.split(), *until_day)
    shop = Shop.objects.get(slug=first_slug(SEED))
    refresh(shop)
    mixture = Mixture(product, shop, authorize(shop))
    connection.close()
    with endpoint() as receiver:
        with ExitStack() as stack:
            webhook, _ = create_webhook(shop, url=receiver.url())
            stack.callback(delete_webhook, webhook)
            roots = {
                "web": product.web_pid,
                "deliver": stack.enter_context(working()).pid,
                "worker": stack.enter_context(_started("worker", *CELERY, "worker")),
                "beat": stack.enter_context(_started("beat", *CELERY, "beat")),
                **_servers(),
            }
            measure(product.port, mixture.endless(), connections=CONNECTIONS, seconds=WARMING)
            until(lambda: receiver.count() > 0, PATIENCE)
            steps = [_step(product, mixture, connections) for connections in STEPS]
            seconds_to_tell(webhook)
            receiver.take()
            sampler = Sampler(roots, every=max(1.0, SECONDS / SAMPLES))
            sampler.start()
            measured = measure(
                product.port, mixture.endless(), connections=CONNECTIONS, seconds=SECONDS
            )
            sampler.stop()
            told_after = seconds_to_tell(webhook)
            waits = _waits(shop, {key: at for key, at, *_ in receiver.take()})
            connection.close()
        constants = measure(
            product.port,
            mixture.constants(measured.by_kind),
            connections=CONNECTIONS,
            seconds=FLOOR_SECONDS,
        )
        alone = milliseconds_alone(product, receiver)
    print(
        f"mixed: {ORDERS:,} orders in {SHOPS} shops, {CONNECTIONS} connections, "
        f"{measured.seconds:.0f} s, {len(os.sched_getaffinity(0))} cores, load generator included"
    )
    mixed_report.kinds(measured, constants, alone)
    mixed_report.webhooks(waits, told_after, alone)
    mixed_report.limit(steps, sampler)
    mixed_report.memory(sampler)


def _step(product: Product, mixture: Mixture, connections: int) -> Step:
    psutil.cpu_percent()
    measured = measure(
        product.port, mixture.endless(), connections=connections, seconds=STEP_SECONDS
    )
    return Step(connections, measured, psutil.cpu_percent() / 100)


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


def seconds_to_tell(webhook: Webhook) -> float | None:
    """Until everything was relayed and sent; None if it was not within PATIENCE."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        unrelayed = Event.objects.of(webhook.shop).filter(is_relayed=False)
        unsent = Delivery.objects.of(webhook.shop).filter(
            webhook=webhook, state=DeliveryState.PENDING
        )
        if not unrelayed.exists() and not unsent.exists():
            return time.monotonic() - began
        time.sleep(0.1)
    return None


def _waits(shop: Shop, arrived: dict[str, float]) -> Measured:
    waits = []
    for keys in _batches(list(arrived)):
        recorded = Event.objects.of(shop).filter(id__in=keys).values_list("id", "created_at")
        waits += [arrived[str(key)] - at.timestamp() for key, at in recorded]
    return Measured(seconds=SECONDS, latencies=waits)


def _batches(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
