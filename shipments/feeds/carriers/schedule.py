"""How often a parcel's carrier is asked, and when it is not asked any more."""

import random
from datetime import datetime, timedelta

from shipments.models import Shipment
from shipments.phases import Phase

INTERVALS: dict[Phase, timedelta] = {
    Phase.ORDER_PROCESSED: timedelta(hours=4),
    Phase.IN_TRANSIT: timedelta(hours=2),
    Phase.IN_DELIVERY: timedelta(minutes=20),
    Phase.COLLECT: timedelta(hours=6),
    Phase.DELIVERY_FAILED: timedelta(hours=1),
    Phase.DELIVERED: timedelta(days=1),
    Phase.RETURNED: timedelta(days=1),
    Phase.RETURN_CREATED: timedelta(hours=12),
    Phase.RETURN_TRANSIT: timedelta(hours=4),
    Phase.RETURN_RECEIVED: timedelta(days=1),
    Phase.RETURN_FAILED: timedelta(days=1),
}
"""By where the parcel is: what its customer waits for most is asked for most."""
FINAL = frozenset({Phase.DELIVERED, Phase.RETURNED, Phase.RETURN_RECEIVED, Phase.RETURN_FAILED})
FINISHED_FOR = timedelta(days=3)
"""So long after its end a parcel is looked at for corrections."""
NEVER_FOUND_FOR = timedelta(days=14)
"""A label that the carrier never saw is one that was never used."""
SILENT_FOR = timedelta(days=60)
"""Without a new scan a parcel is lost, or its number was given to another one."""
LONGEST_INTERVAL = timedelta(days=1)
JITTER = 0.1
"""Of an interval: parcels that were sent together need not be asked for together."""

FIRST_BACK_OFF = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(hours=6)


def next_time(shipment: Shipment, *, misses: int, now: datetime) -> datetime | None:
    """When to ask for it next; None for never again. `misses`: how often running the carrier did
    not know its number, which doubles the time up to a day.
    """
    if _is_finished(shipment, misses=misses, now=now):
        return None
    interval = min(INTERVALS[Phase(shipment.phase)] * 2.0 ** min(misses, 6), LONGEST_INTERVAL)
    return now + interval * random.uniform(1 - JITTER, 1 + JITTER)


def back_off(failures: int) -> timedelta:
    """How long a carrier in trouble is left alone after so many failures in a row, from 1."""
    grown = FIRST_BACK_OFF * 2.0 ** min(failures - 1, 12)
    return min(grown, LONGEST_BACK_OFF) * random.uniform(0.8, 1)


def _is_finished(shipment: Shipment, *, misses: int, now: datetime) -> bool:
    if shipment.is_draft or shipment.tracking_placed_at is None:
        return True
    if shipment.phase in FINAL:
        return (shipment.phase_since or now) < now - FINISHED_FOR
    if shipment.last_scan_at is None:
        return misses > 0 and shipment.tracking_placed_at < now - NEVER_FOUND_FOR
    return max(shipment.last_scan_at, shipment.tracking_placed_at) < now - SILENT_FOR
