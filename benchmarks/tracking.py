"""The page of an order that many watch, beside a constant answer of its size on the same way.

Beside it, what is not kept: the pages of many orders, each opened for the first time.
"""

import statistics
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import cycle

from django.db import connection

from benchmarks.load import Measured, measure
from benchmarks.product import Product
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from orders.models import Order
from orders.tracking_link import tracking_token
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop

ROUNDS = 5
SECONDS = 2.0
ORDERS = 1_500
"""Opened for the first time; more than are measured."""
PARCELS, SCANS = 2, 6
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"


def run(product: Product) -> None:
    shop = Shop.objects.get(slug=product.slug)
    watched = _order(shop, "watched", scans=SCANS)
    unseen = [_order(shop, f"unseen-{number}", scans=1) for number in range(ORDERS)]
    connection.close()
    page = _request(f"/t/{tracking_token(shop.id, watched.id)}")
    first = measure(product.port, cycle([page]), connections=1, seconds=1)
    size = first.size // len(first.latencies)
    print(
        f"the page of an order with {PARCELS} parcels of {SCANS} scans, {size / 1000:.1f} KB; "
        f"medians of {ROUNDS} rounds"
    )
    asked = {
        "a constant of its size": _request(f"/t/constant/{size}"),
        "the page, watched": page,
    }
    for connections in (1, 8):
        results: dict[str, list[Measured]] = {name: [] for name in asked}
        for _ in range(ROUNDS):
            for name, request in asked.items():
                results[name].append(_measured(product, cycle([request]), connections))
        rates = {name: _median_rate(rounds) for name, rounds in results.items()}
        for name, rounds in results.items():
            p99 = statistics.median(one.percentile(0.99) for one in rounds)
            share = rates[name] / rates["a constant of its size"]
            print(
                f"  {name:<26} {connections} at once {rates[name]:7,.0f}/s  "
                f"p99 {p99:5.1f} ms  {share:.2f}"
            )
    tokens = (tracking_token(shop.id, order.id) for order in unseen)
    opened = measure(
        product.port, (_request(f"/t/{token}") for token in tokens), connections=8, seconds=4
    )
    print(
        f"  {'never opened before':<26} 8 at once {opened.rate:7,.0f}/s  "
        f"p99 {opened.percentile(0.99):5.1f} ms"
    )


def _measured(product: Product, requests: Iterable[bytes], connections: int) -> Measured:
    return measure(product.port, requests, connections=connections, seconds=SECONDS)


def _median_rate(rounds: Iterable[Measured]) -> float:
    return statistics.median(one.rate for one in rounds)


def _request(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {BROWSER}\r\n"
        "Accept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n"
    ).encode()


def _order(shop: Shop, number: str, *, scans: int) -> Order:
    trackings = [{"tracking_number": f"{number}-{parcel}"} for parcel in range(PARCELS)]
    order = {
        "order_number": number,
        "address": {"zip_code": "10115", "country_code": "DE"},
        "products": [{"title": "Lamp", "quantity": 2}, {"title": "Shade"}],
        "expected_number_of_shipments": PARCELS,
    }
    said = {"id": number, "order": order, "trackings": trackings}
    upsert_order(shop, UpsertInput.model_validate(said))
    made = Order.objects.of(shop).get(order_number=number)
    now = datetime.now(UTC)
    for shipment in Shipment.objects.of(shop).filter(order=made):
        for place in range(scans):
            scan = {
                "event_name": "DEPARTURE_FROM_TRANSPORT_HUB",
                "event_time": now - timedelta(hours=scans - place),
                "external_id": str(place),
                "location": "Leipzig, Germany",
            }
            record_scan(shipment, ScanInput.model_validate(scan), feed=Feed.API)
    return made
