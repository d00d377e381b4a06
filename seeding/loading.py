"""Seeded orders into the database: batch by batch, each a transaction of complete orders."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, models, transaction

from campaigns.models import Attribution, Campaign
from claims.models import Claim
from engagement.models import PageAction, Rating
from events.models import Event
from orders.models import Order, OrderLine
from seeding.campaigns import write_campaigns
from seeding.copying import Copyable, copy, encode_rows
from seeding.generate import generate_batch
from seeding.processes import mapped
from seeding.shops import BATCH, FIRST_NUMBER, SeededShop
from shipments.arrival.learn import learn_transit_times
from shipments.arrival.renew import expect_unexpected
from shipments.models import Scan, Shipment, ShipmentLine
from shops.models import Organization, Shop

Batch = tuple[SeededShop, range]

TABLES: tuple[type[models.Model], ...] = (
    Organization,
    Shop,
    Order,
    OrderLine,
    Shipment,
    ShipmentLine,
    Scan,
    Event,
    Campaign,
    Attribution,
    PageAction,
    Rating,
    Claim,
)


def create_shop_row(seeded: SeededShop) -> None:
    with transaction.atomic():
        seeded.shop.organization.save(force_insert=True)
        seeded.shop.save(force_insert=True)
        write_campaigns(seeded.campaigns)


def missing_batches(seeded: SeededShop) -> list[range]:
    """Those of which no order is there: a batch is written as a whole or not at all."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN_BATCHES, [FIRST_NUMBER, BATCH, seeded.shop.id])
        written = {number for (number,) in cursor.fetchall()}
    return [places for places in seeded.batches() if places.start // BATCH not in written]


_WRITTEN_BATCHES = r"""
    SELECT DISTINCT (order_number::bigint - %s) / %s
      FROM orders_order
     WHERE shop_id = %s AND order_number ~ '^[0-9]{6,9}$'
"""


def write_batches(batches: Iterable[Batch], *, processes: int) -> Iterator[int]:
    """Write them one after the other; for each, the number of orders that it brought."""
    for count, copyables in mapped(_encode, batches, processes=processes):
        write(copyables)
        yield count


@transaction.atomic
def write(copyables: Sequence[Copyable]) -> None:
    """Without waiting for the disk: what a crash of PostgreSQL loses, the next seed brings."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off")
    for copyable in copyables:
        copy(copyable)


def _encode(batch: Batch) -> tuple[int, list[Copyable]]:
    seeded, places = batch
    return len(places), encode_batch(seeded, places)


def encode_batch(seeded: SeededShop, places: range) -> list[Copyable]:
    rows = generate_batch(seeded, places)
    return [encode_rows(model, rows[model]) for model in rows if rows[model]]


def analyze() -> None:
    """Tell PostgreSQL's planner what there is now."""
    tables = ", ".join(f'"{model._meta.db_table}"' for model in TABLES)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"ANALYZE {tables}")


def expect_arrivals(seeded: SeededShop) -> None:
    """Learn from the shop's deliveries, and say when the parcels on their way should arrive."""
    learn_transit_times(seeded.shop, now=seeded.until)
    expect_unexpected(seeded.shop)
