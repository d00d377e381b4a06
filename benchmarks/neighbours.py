"""A healthy endpoint alone, and then beside one that never answers and one that answers 500."""

import os
import statistics
import time

from benchmarks.product import Product
from benchmarks.receiver import Endpoint, endpoint
from benchmarks.webhooks import place_orders, until, working
from events.models import Event
from shops.models import Shop
from webhooks.models import Webhook
from webhooks.services import create_webhook, delete_webhook

EVENTS = int(os.environ.get("NEIGHBOUR_EVENTS") or 300)
PAUSE = 0.05  # seconds between two events
ROUNDS = 3
MOST_GROWTH = 1.2
NOISE = 5.0
"""Milliseconds by which the p95 of the very same thing differs from run to run."""


def run(product: Product) -> None:
    shop = Shop.objects.get(id=product.shop_id)
    with endpoint() as receiver:
        alone, beside = [], []
        for _ in range(ROUNDS):
            alone.append(_p95(shop, receiver, []))
            beside.append(_p95(shop, receiver, ["/never", "/error"]))
    before, after = statistics.median(alone), statistics.median(beside)
    print(
        f"neighbours: {EVENTS} events, one every {1000 * PAUSE:.0f} ms, medians of {ROUNDS} rounds"
    )
    print(f"  healthy alone:                 p95 {before:.0f} ms from commit to receipt")
    print(f"  beside a silent and a broken:  p95 {after:.0f} ms  ({after / before - 1:+.0%})")
    if after > max(MOST_GROWTH * before, before + NOISE):
        raise SystemExit("the healthy endpoint suffers from its neighbours")


def _p95(shop: Shop, receiver: Endpoint, others: list[str]) -> float:
    webhooks: list[Webhook] = [
        create_webhook(shop, url=receiver.url(path), enabled_events=["orders/placed"])[0]
        for path in ["/ok", *others]
    ]
    with working():
        place_orders(shop, 1)
        until(lambda: receiver.count("/ok") == 1, 30)
        receiver.take("/ok")
        for _ in range(EVENTS):
            place_orders(shop, 1)
            time.sleep(PAUSE)
        until(lambda: receiver.count("/ok") == EVENTS, 60)
    arrived = {event_id: at for event_id, at, *_ in receiver.take("/ok")}
    recorded = Event.objects.of(shop).filter(id__in=arrived).values_list("id", "created_at")
    waits = sorted(1000 * (arrived[str(key)] - at.timestamp()) for key, at in recorded)
    for webhook in webhooks:
        delete_webhook(webhook)
    return waits[int(0.95 * len(waits))]
