"""Pages of the portal among a million orders in fifty shops: how long the server takes.

Each page of the biggest shop is asked for over one connection, as a member's browser does but for
pictures and styles. The orders are those of `benchmarks.search`, in the same data folder;
PAGES_ORDERS and PAGES_SHOPS make it fewer.
"""

import os
from itertools import cycle

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks import search
from benchmarks.load import measure
from benchmarks.member import session_of
from benchmarks.product import Product
from orders.models import Order
from seeding.plan import first_slug
from shipments.models import Shipment
from shops.models import Membership, Role, Shop, User

ORDERS = int(os.environ.get("PAGES_ORDERS") or search.ORDERS)
SHOPS = int(os.environ.get("PAGES_SHOPS") or search.SHOPS)
SECONDS = 2.0
SAMPLED = 50
"""Orders and parcels whose pages are opened."""
WANTED = 100
"""Milliseconds, at most."""


def run(product: Product) -> None:
    seed = f"seed --orders {ORDERS} --shops {SHOPS} --seed {search.SEED} --until {search.UNTIL}"
    call_command(*seed.split(), "--verbosity", "0")
    shop = Shop.objects.get(slug=first_slug(search.SEED))
    cookie, pages = _logged_in(shop), _pages(shop)
    orders = Order.objects.of(shop).count()
    connection.close()
    print(
        f"pages of a shop with {orders:,} orders, of {ORDERS:,} in {SHOPS} shops; "
        f"one connection, {SECONDS:.0f} s each; wanted: {WANTED} ms"
    )
    print(f"  {'':<34}   KB {'p50':>7} {'p95':>7} ms")
    for name, paths in pages.items():
        requests = [_request(f"/shops/{shop.slug}{path}", cookie) for path in paths]
        measure(product.port, cycle(requests), connections=1, seconds=SECONDS / 4)
        measured = measure(product.port, cycle(requests), connections=1, seconds=SECONDS)
        size = measured.size / max(1, len(measured.latencies)) / 1000
        p50, p95 = measured.percentile(0.50), measured.percentile(0.95)
        mark = "" if p95 < WANTED else "  too slow"
        print(f"  {name:<34} {size:4.0f} {p50:7.1f} {p95:7.1f}{mark}")


def _pages(shop: Shop) -> dict[str, list[str]]:
    orders = Order.objects.of(shop).order_by("-order_placed_at", "-id")
    shipments = Shipment.objects.of(shop).fulfilled().order_by("-id")
    some = list(orders[:SAMPLED])
    return {
        "home": [""],
        "orders": ["/orders"],
        "orders, found by number": [f"/orders?q={order.order_number}" for order in some],
        "orders, by state": [f"/orders?state={state}" for state in ("placed", "fulfilled")],
        "order": [f"/orders/{order.id}" for order in some],
        "shipments": ["/shipments"],
        "shipments, delayed": ["/shipments?flag=delay"],
        "shipment": [f"/shipments/{shipment.id}" for shipment in shipments[:SAMPLED]],
        "delivery times": ["/analytics/delivery"],
        "analytics": ["/analytics"],
        "claims": ["/claims"],
        "campaigns": ["/campaigns"],
        "discounts": ["/discounts"],
        "events": ["/events"],
        "webhooks": ["/webhooks"],
        "mails": ["/notices/mails"],
        "jobs": ["/jobs"],
        "members": ["/members"],
        "audit": ["/audit"],
        "keys": ["/keys"],
        "late parcels": ["/attention/late"],
    }


def _logged_in(shop: Shop) -> str:
    user, _ = User.objects.get_or_create(email="pages@benchmarks.example")
    Membership.objects.get_or_create(shop=shop, user=user, defaults={"role": Role.ADMIN})
    return f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"


def _request(path: str, cookie: str) -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
    return f"{head}Accept-Encoding: gzip\r\n\r\n".encode()
