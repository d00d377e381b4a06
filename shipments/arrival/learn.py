"""Working a shop's transit history out anew from its deliveries: exact, and the same each time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from shipments.arrival.counting import Delivery, Learned, count, habits_of
from shipments.arrival.destinations import destination_of
from shipments.arrival.known import forget
from shipments.arrival.measures import choose_measures
from shipments.arrival.stages import Stage, stage_of
from shipments.catalogue.meanings import meaning_of
from shipments.models import Effect, Scan, Shipment, TransitHistory
from shipments.phases import Direction, Phase
from shops.models import Shop

REMEMBERED = timedelta(days=180)
MOST = 50_000
"""The newest deliveries of a shop that count; more would not change what they say."""
AT_ONCE = 2_000
EVERY = timedelta(hours=6)


def shops_to_learn_from(now: datetime) -> QuerySet[Shop]:
    """Those with deliveries that their history may not know of yet."""
    known = TransitHistory.objects.filter(shop=OuterRef("id"))
    delivered = Shipment.objects.real().filter(shop=OuterRef("id"), phase=Phase.DELIVERED)
    shops = Shop.objects.annotate(
        learned_at=known.values("computed_at")[:1],
    )
    never = Q(learned_at=None) & Exists(delivered)
    again = Q(learned_at__lt=now - EVERY) & Exists(
        delivered.filter(updated_at__gte=OuterRef("learned_at"))
    )
    return shops.filter(never | again).order_by(F("learned_at").asc(nulls_first=True), "id")


@transaction.atomic
def learn_transit_times(shop: Shop, *, now: datetime | None = None) -> TransitHistory:
    """Replace the shop's history by one of its deliveries before `now`."""
    now = now or timezone.now()
    since = now - REMEMBERED
    deliveries = list(_deliveries(shop, since, now))
    learned = learn(deliveries, ZoneInfo(shop.timezone))
    history, _ = TransitHistory.objects.update_or_create(
        shop=shop,
        defaults={
            "computed_at": now,
            "since": since,
            "deliveries": len(deliveries),
            "weekdays": [[*key, days] for key, days in sorted(learned.habits.weekdays.items())],
            "measures": [
                [stage, measure.clock, measure.least, measure.price]
                for stage, measure in sorted(learned.measures.items())
            ],
            "durations": [
                [stage, carrier, *destination, {str(hour): hours[hour] for hour in sorted(hours)}]
                for (stage, carrier, destination), hours in sorted(learned.counts.items())
            ],
        },
    )
    forget(shop)
    return history


def learn(deliveries: Sequence[Delivery], zone: ZoneInfo) -> Learned:
    """Counts, by the measures that would have told the newest of the deliveries best."""
    habits = habits_of(deliveries, zone)
    return count(deliveries, habits, choose_measures(deliveries, habits))


def _deliveries(shop: Shop, since: datetime, until: datetime) -> Iterator[Delivery]:
    """The shop's outbound parcels that were delivered in that time, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DELIVERED, [Direction.MERCHANT_CUSTOMER, shop.id, Phase.DELIVERED, since, until, MOST]
        )
        rows = iter(cursor.fetchall())
    while batch := list(islice(rows, AT_ONCE)):
        scans = _applied_scans(shop, [row[0] for row in batch])
        for shipment_id, carrier, country, zip_code, sent_at, delivered_at in batch:
            reached, arrived_at = stages_reached(scans.get(shipment_id, ()))
            yield Delivery(
                carrier_reference=carrier,
                destination=destination_of({"country_code": country, "zip_code": zip_code}),
                arrived_at=arrived_at or delivered_at,
                reached={Stage.SENT: sent_at, **reached},
            )


_DELIVERED = """
    SELECT s.id, s.carrier_reference, o.address->>'country_code', o.address->>'zip_code',
           s.tracking_placed_at, s.delivered_at
      FROM shipments_shipment AS s
      JOIN orders_order AS o ON o.shop_id = s.shop_id AND o.id = s.order_id
     WHERE s.direction = %s AND NOT s.is_test
       AND s.shop_id = %s AND s.phase = %s AND s.delivered_at >= %s AND s.delivered_at < %s
     ORDER BY s.delivered_at DESC, s.id
     LIMIT %s
"""


def _applied_scans(
    shop: Shop, shipment_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[str, datetime]]]:
    """Names and times of each shipment's scans, in the order in which they were made."""
    rows = (
        Scan.objects.of(shop)
        .filter(shipment_id__in=shipment_ids, effect=Effect.APPLIED)
        .order_by("shipment_id", "event_time", "id")
        .values_list("shipment_id", "event_name", "event_time")
    )
    return {
        shipment_id: [(name, at) for _, name, at in scans]
        for shipment_id, scans in groupby(rows, key=itemgetter(0))
    }


def stages_reached(
    scans: Iterable[tuple[str, Any]],
) -> tuple[dict[Stage, datetime], datetime | None]:
    """When each stage was first reached, and when the parcel arrived: to be picked up counts."""
    reached: dict[Stage, datetime] = {}
    for name, at in scans:
        meaning = meaning_of(name, Direction.MERCHANT_CUSTOMER)
        if meaning is None:
            continue
        if meaning.phase in ARRIVED:
            return reached, at
        stage = stage_of(meaning.phase, meaning.flag)
        if stage is not None and stage is not Stage.SENT:
            reached.setdefault(stage, at)
    return reached, None


ARRIVED = {Phase.COLLECT, Phase.DELIVERED}
