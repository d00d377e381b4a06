"""Parcels past their window: flagged and told of once, in the house's order of locks."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from common.retry import retried
from common.rows import update_rows
from events.services import record
from shipments.catalogue.meanings import meaning_of
from shipments.facts import shipment_fact
from shipments.lookup import lock_overdue_shipments
from shipments.models import Shipment
from shipments.phases import Direction, Flag
from shops.models import Shop

AT_ONCE = 500
"""Shipments flagged in one transaction; their orders are locked for as long."""
OVERDUE = "OVERDUE"


def flag_overdue(*, now: datetime | None = None) -> int:
    """Flag what is overdue in any shop; answers how many shipments are delayed by that."""
    now = now or timezone.now()
    due = Shipment.objects.overdue(now).filter(flag=Flag.NORMAL)
    shops = Shop.objects.filter(id__in=due.values("shop"))
    return sum(flag_overdue_of(shop, now=now) for shop in shops.order_by("id"))


def flag_overdue_of(shop: Shop, *, now: datetime) -> int:
    """Those whose orders somebody else is changing meanwhile are left to the next time."""
    flagged = 0
    while count := retried(lambda _: _flag_some(shop, now)):
        flagged += count
    return flagged


@transaction.atomic
def _flag_some(shop: Shop, now: datetime) -> int:
    shipments = lock_overdue_shipments(shop, now, most=AT_ONCE)
    for shipment in shipments:
        shipment.flag = Flag.DELAY
        shipment.updated_at = now
    update_rows(
        Shipment,
        [
            {"id": s.id, "shop_id": shop.id, "flag": s.flag, "updated_at": s.updated_at}
            for s in shipments
        ],
    )
    record(shop, [shipment_fact(s, _happened(s), at=s.arrival_end or now) for s in shipments])
    return len(shipments)


def _happened(shipment: Shipment) -> tuple[str, str]:
    """The event's name, and its group, which depends on the direction."""
    meaning = meaning_of(OVERDUE, Direction(shipment.direction))
    if meaning is None:
        raise LookupError(f"{OVERDUE} is missing from the catalogue")
    return OVERDUE, meaning.group
