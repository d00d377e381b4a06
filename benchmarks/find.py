"""The portal’s search box, while one types, in a shop of a million orders and as many parcels.

By kind of text: what is found at once, what is so frequent that it must not be gathered, what is
rare, and what is nowhere; beside them what an empty text costs, for which nothing is looked up.
The orders are those of the benchmark `export`; what was bought is looked for in the biggest of the
seeded shops of `search`, where orders have lines.
"""

from itertools import cycle
from urllib.parse import urlencode

from django.db import connection

from benchmarks.export import ROWS, cookie_of_member, shop_with_shipments
from benchmarks.load import measure
from benchmarks.product import Product
from benchmarks.search import SEED
from orders.models import Order, OrderLine
from seeding.plan import first_slug
from shipments.models import Shipment
from shops.models import Shop

SECONDS = 3.0
SAMPLED = 50


def run(product: Product) -> None:
    shop = shop_with_shipments()
    texts = _texts(shop)
    cookie = cookie_of_member(shop)
    with_lines = Shop.objects.filter(slug=first_slug(SEED)).first()
    second_cookie = cookie_of_member(with_lines) if with_lines else ""
    skus = _skus(with_lines) if with_lines else []
    connection.close()
    print(f"find, as one types, among {ROWS:,} orders and parcels of one shop; 1 connection")
    print(f"  {'':<40} {'KB':>4} {'p50':>6} {'p95':>6} {'p99':>6} ms")
    for name, asked in texts.items():
        _measure(product, shop, cookie, name, asked)
    if with_lines:
        _measure(product, with_lines, second_cookie, "SKU", skus)


def _measure(product: Product, shop: Shop, cookie: str, name: str, texts: list[str]) -> None:
    requests = [
        f"GET /shops/{shop.slug}/find?{urlencode({'q': text})} HTTP/1.1\r\n"
        f"Host: localhost:{product.port}\r\nCookie: {cookie}\r\n"
        "HX-Request: true\r\nHX-Target: found\r\n\r\n"
        for text in texts
    ]
    asked = cycle([request.encode() for request in requests])
    measure(product.port, asked, connections=1, seconds=SECONDS / 3)
    done = measure(product.port, asked, connections=1, seconds=SECONDS)
    size = done.size / len(done.latencies) / 1000
    p50, p95, p99 = (done.percentile(share) for share in (0.50, 0.95, 0.99))
    print(f"  {name:<40} {size:4.1f} {p50:6.1f} {p95:6.1f} {p99:6.1f}")


def _skus(shop: Shop) -> list[str]:
    lines = OrderLine.objects.of(shop).exclude(sku="").order_by()
    return list(dict.fromkeys(lines.values_list("sku", flat=True)[: SAMPLED * 10]))[:SAMPLED]


def _texts(shop: Shop) -> dict[str, list[str]]:
    numbers = [f"N{number}" for number in range(0, ROWS, ROWS // SAMPLED)]
    orders = list(Order.objects.of(shop).filter(order_number__in=numbers))
    parcels = Shipment.objects.of(shop).filter(order__in=orders).exclude(tracking_number=None)
    trackings = list(parcels.values_list("tracking_number", flat=True))
    names = [str(order.address["name"]) for order in orders]
    return {
        "nothing": [""],
        "order number": [order.order_number for order in orders],
        "order number, half of it": [order.order_number[:4] for order in orders],
        "digits inside of numbers": [order.order_number[2:6] for order in orders],
        "external id": [order.external_id for order in orders],
        "e-mail": [order.email_id for order in orders],
        "e-mail, its beginning": [order.email_id[:10] for order in orders],
        "e-mail, its end": [order.email_id[6:] for order in orders],
        "name with a number": names,
        "name of a quarter of all": ["Müller", "mueller", "LINDQVIST", "rossi", "Nov"],
        "name of nobody": ["Zimmermann", "Schmidt", "Okonkwo", "Petersen"],
        "ZIP code": [str(order.zip_code) for order in orders],
        "tracking number": trackings,
        "tracking number, how it begins": [number[:14] for number in trackings],
        "one letter": list("abemn0159@"),
        "two letters": ["bo", "an", "00", "n1", "@e", "zz"],
        "what all orders hold": ["example.com", "buyer", "@example"],
        "a page": ["orders", "ship", "claims", "key"],
    }
