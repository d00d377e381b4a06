"""How a seeded parcel fared, as its customer sees it."""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum, auto

from common.rows import Row
from shipments.models import Shipment
from shipments.phases import Phase

SLOW = timedelta(days=6)


class Fate(Enum):
    SMOOTH = auto()
    SECOND_TRY = auto()
    LATE = auto()
    DAMAGED = auto()
    RETURNED = auto()


def fate_of(shipment: Shipment, scans: Iterable[Row]) -> Fate:
    """`scans` are those of its order."""
    names = {scan["event_name"] for scan in scans if scan["shipment_id"] == shipment.id}
    if "DELIVERED_DAMAGED" in names:
        return Fate.DAMAGED
    if shipment.phase == Phase.RETURNED:
        return Fate.RETURNED
    if "DELAYED_BY_CARRIER" in names or _took_long(shipment):
        return Fate.LATE
    return Fate.SECOND_TRY if "DELIVERY_ATTEMPTED_NOBODY_HOME" in names else Fate.SMOOTH


def _took_long(shipment: Shipment) -> bool:
    if shipment.delivered_at is None or shipment.tracking_placed_at is None:
        return False
    return shipment.delivered_at - shipment.tracking_placed_at > SLOW
