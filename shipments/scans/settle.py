"""A parcel that no longer agrees with its scans, such as after an edit past the services: it
follows the newest of them again."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common.rows import update_rows
from events.services import record
from orders.facts import order_fact
from shipments.catalogue.meanings import NAMES, meaning_of
from shipments.lookup import LockedShipments
from shipments.models import Effect, Scan, Shipment
from shipments.phases import RETURN_PHASES, Direction, Flag, Phase
from shipments.scans.journey import MOVED_COLUMNS
from shops.models import Shop


@transaction.atomic
def follow_scans(shop: Shop, shipment_id: UUID) -> bool:
    """Whether there was such a parcel, and anything to change. Windows of arrival stay."""
    locked = LockedShipments(shop, ids=[shipment_id]).all()
    if not locked:
        return False
    [shipment] = locked
    before = _moved(shipment)
    scans = Scan.objects.of(shop).filter(shipment=shipment, effect=Effect.APPLIED)
    known = sorted(scans.filter(event_name__in=NAMES), key=_by_time)
    _follow(shipment, known)
    if _moved(shipment) == before:
        return False
    shipment.updated_at = timezone.now()
    update_rows(Shipment, [{"id": shipment.id, "shop_id": shop.id, **_moved(shipment)}])
    record(shop, [order_fact(shipment.order, "updated", changed=["shipments"])])
    return True


def _follow(shipment: Shipment, known: list[Scan]) -> None:
    newest = known[-1] if known else None
    shipment.phase_scan_id = newest.id if newest else None
    shipment.last_scan_at = newest.event_time if newest else None
    phase = Phase(newest.phase) if newest else Phase.ORDER_CREATED
    if phase is Phase.ORDER_CREATED and not shipment.is_draft:
        phase = Phase.ORDER_PROCESSED
    if phase != shipment.phase:
        shipment.phase = phase
        shipment.phase_since = newest.event_time if newest else shipment.tracking_placed_at
    shipment.direction = _direction(shipment, phase)
    delivered = [scan.event_time for scan in known if scan.phase == Phase.DELIVERED]
    if phase is Phase.DELIVERED or phase in RETURN_PHASES:
        shipment.delivered_at = delivered[-1] if delivered else shipment.delivered_at
    else:
        shipment.delivered_at = None
    _flag(shipment, newest)


def _direction(shipment: Shipment, phase: Phase) -> Direction:
    is_return = phase in RETURN_PHASES
    return Direction.CUSTOMER_MERCHANT if is_return else Direction(shipment.direction)


def _flag(shipment: Shipment, newest: Scan | None) -> None:
    meaning = meaning_of(newest.event_name, Direction(shipment.direction)) if newest else None
    is_error = meaning is not None and meaning.flag is Flag.ERROR
    if is_error:
        shipment.flag = Flag.ERROR
    elif shipment.flag == Flag.ERROR:
        shipment.flag = meaning.flag if meaning else Flag.NORMAL


def _by_time(scan: Scan) -> tuple[object, ...]:
    return (scan.event_time, list(Phase).index(Phase(scan.phase)), scan.id)


def _moved(shipment: Shipment) -> dict[str, object]:
    return {column: getattr(shipment, column) for column in MOVED_COLUMNS}
