"""Upserts that say what was said before: each is one read, beside an answer that reads nothing."""

import statistics
from collections import defaultdict
from itertools import cycle
from uuid import uuid4

import orjson
from django.db import connection

from benchmarks.constant import constant_request
from benchmarks.load import Measured, measure
from benchmarks.product import Product
from benchmarks.upsert import upsert_of
from events.models import Event
from intake.inputs import UpsertInput
from intake.upsert import upsert_orders
from shops.models import Shop

ROUNDS = 3
SECONDS = 3.0
ORDERS = 500


def run(product: Product) -> None:
    upserts = [upsert_of(uuid4().hex) for _ in range(ORDERS)]
    told = _apply(product, upserts)
    again = [product.request("PUT", "/orders", orjson.dumps(upsert)) for upsert in upserts]
    asked = {
        "a constant": [constant_request(product, len("null"))],
        "PUT, unchanged": again,
    }
    measured: dict[tuple[str, int], list[Measured]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, requests in asked.items():
            for connections in (1, 8):
                measured[name, connections].append(
                    measure(product.port, cycle(requests), connections=connections, seconds=SECONDS)
                )
    if (told_since := Event.objects.filter(shop_id=product.shop_id).count() - told) > 0:
        raise SystemExit(f"upserts that change nothing told {told_since} events")
    connection.close()
    _report(measured)


def _apply(product: Product, upserts: list[dict[str, object]]) -> int:
    """Apply them once; how many events the shop has then."""
    items = [UpsertInput.model_validate(upsert) for upsert in upserts]
    upsert_orders(Shop.objects.get(id=product.shop_id), dict(enumerate(items)))
    told = Event.objects.filter(shop_id=product.shop_id).count()
    connection.close()
    return told


def _report(measured: dict[tuple[str, int], list[Measured]]) -> None:
    print(f"an upsert that changes nothing, {ORDERS} orders, medians of {ROUNDS} rounds")
    for (name, connections), rounds in measured.items():
        rate = statistics.median(one.rate for one in rounds)
        constant = statistics.median(one.rate for one in measured["a constant", connections])
        p50 = statistics.median(one.percentile(0.50) for one in rounds)
        p99 = statistics.median(one.percentile(0.99) for one in rounds)
        print(
            f"  {name:<14} {connections} connection{'s' if connections > 1 else ' '}"
            f" {rate:8,.0f}/s   p50 {p50:5.1f} ms  p99 {p99:5.1f} ms"
            f"   {rate / constant:.2f} of the constant"
        )
