"""What a shipment's kept scans tell of it, in the order they came: its phase worked out anew.

By the rules of `journey`, for a row that says something else than its scans do. What scans said and
is not kept with them (windows of arrival, pick-up places) stays as it is.
"""

from collections.abc import Iterable

from shipments.catalogue.meanings import meaning_of
from shipments.models import Effect, Scan, Shipment
from shipments.phases import RETURN_PHASES, Direction, Flag, Phase
from shipments.scans.journey import RANKS, WITH_PICKUP, phase_reached

TOLD_COLUMNS = (
    "phase",
    "direction",
    "flag",
    "phase_since",
    "phase_scan_id",
    "last_scan_at",
    "delivered_at",
    "pickup",
)


def tell_from_scans(shipment: Shipment, scans: Iterable[Scan]) -> bool:
    """Set what the scans tell; whether that was something else. The caller saves."""
    before = [getattr(shipment, column) for column in TOLD_COLUMNS]
    was_delayed = shipment.flag == Flag.DELAY
    shipment.phase, shipment.direction = Phase.ORDER_PROCESSED, Direction.MERCHANT_CUSTOMER
    shipment.phase_since, shipment.flag = shipment.tracking_placed_at, Flag.NORMAL
    shipment.phase_scan_id = shipment.last_scan_at = shipment.delivered_at = None
    counted = [scan for scan in scans if scan.effect != Effect.DUPLICATE]
    for scan in sorted(counted, key=lambda scan: (scan.received_at, scan.event_time, scan.id)):
        _take(shipment, scan)
    if was_delayed and shipment.flag == Flag.NORMAL and shipment.is_on_its_way:
        shipment.flag = Flag.DELAY  # by its window of arrival, which `arrival.overdue` looks after
    if shipment.phase not in WITH_PICKUP:
        shipment.pickup = None
    return before != [getattr(shipment, column) for column in TOLD_COLUMNS]


def _take(shipment: Shipment, scan: Scan) -> None:
    meaning = meaning_of(scan.event_name, Direction(shipment.direction))
    if meaning is None:
        return
    newest = shipment.last_scan_at
    reached = (scan.event_time, RANKS[meaning.phase])
    if newest is not None and reached < (newest, RANKS[Phase(shipment.phase)]):
        return  # late
    shipment.last_scan_at, shipment.phase_scan_id = scan.event_time, scan.id
    shipment.direction, shipment.flag = meaning.direction, meaning.flag
    phase = phase_reached(shipment, meaning.phase)
    if phase == shipment.phase:
        return
    shipment.phase, shipment.phase_since = phase, scan.event_time
    if phase not in RETURN_PHASES:
        shipment.delivered_at = scan.event_time if phase == Phase.DELIVERED else None
