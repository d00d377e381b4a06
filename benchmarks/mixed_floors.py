"""The fastest programs that we can write for what a mixture writes and sends: the very same rows by
psycopg, the same bodies by a bare client; one after the other, while nothing else happens.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import orjson
import uvloop
from django.db import connection

from benchmarks.floor import measure_floor, template
from benchmarks.mixture import SCAN, UPSERT
from benchmarks.product import Product
from benchmarks.receiver import Endpoint
from benchmarks.scans import write, written_rows
from benchmarks.upsert import upsert_of
from benchmarks.webhooks import bare_client
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from karla_portal.embedded.services import postgres_url
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop

SECONDS = 2.0
BODIES = 2_000
BODY = 2_500
"""Bytes: as big as what is told of an order."""
WEBHOOK = "webhook, commit to receipt"


def milliseconds_alone(product: Product, receiver: Endpoint) -> dict[str, float]:
    """Of one, by its kind. Leaves rows in the benchmarks' own shop."""
    dsn = os.environ.get("DATABASE_URL") or postgres_url(Path(os.environ["DATA_DIR"]))
    shop = Shop.objects.get(id=product.shop_id)
    upsert_order(shop, UpsertInput.model_validate(upsert_of(uuid4().hex)))
    orders = measure_floor(dsn, template(dsn, product.shop_id), processes=1, seconds=SECONDS)
    shipment = Shipment.objects.of(shop).fulfilled().latest("id")
    record_scan(shipment, ScanInput.model_validate(_scan()), feed=Feed.API)
    rows = written_rows(dsn, product.shop_id)
    ways = (write(dsn, rows, [str(shipment.id)], is_pipelined) for is_pipelined in (False, True))
    scans = max(ways)
    connection.close()
    bodies = [orjson.dumps({"event_id": str(n), "text": "x" * BODY}) for n in range(BODIES)]
    posts = uvloop.run(bare_client(receiver.url(), bodies, at_once=1))
    receiver.take()
    return {
        UPSERT: 1000 / max(orders.values()),
        SCAN: 1000 / scans,
        WEBHOOK: 1000 / posts,
    }


def _scan() -> dict[str, str]:
    return {
        "event_name": "DEPARTURE_FROM_TRANSPORT_HUB",
        "event_time": datetime.now(UTC).isoformat(),
        "external_id": uuid4().hex,
        "location": "Berlin",
    }
