"""What the event log says of a shipment (the contract's section 5, **shipments/…**)."""

from datetime import datetime
from uuid import UUID

from common.ids import new_id
from events.models import Source
from events.services import Fact
from shipments.models import Shipment

ATTACHED = ("ORDER_IN_PROCESSING", "shipment_pre_transit")
CARRIER_CHANGED = ("CARRIER_CHANGED", "shipment_carrier_changed")
DETACHED = ("TRACKING_DETACHED", "shipment_internal_trigger")


def shipment_fact(
    shipment: Shipment, happened: tuple[str, str], *, at: datetime, scan_id: UUID | None = None
) -> Fact:
    """`happened` is the event's name and group; the phase is the one the shipment has now.

    The fact of a scan has the id of the scan.
    """
    event_name, event_group = happened
    event_id = scan_id or new_id()
    return Fact(
        id=event_id,
        source=Source.SHIPMENTS,
        ref=f"shipments/{shipment.phase}/{event_name}",
        event_group=event_group,
        event_data={
            "shipment_id": shipment.id,
            "carrier_reference": shipment.carrier_reference or None,
            "event_name": event_name,
            "phase": shipment.phase,
            "event_group": event_group,
            "tracking_number": shipment.tracking_number,
            "tracking_url": shipment.carrier_url,
            "event_id": event_id,
            "event_time": at,
            "updated_at": shipment.updated_at,
        },
        order_id=shipment.order_id,
        shipment_id=shipment.id,
    )
