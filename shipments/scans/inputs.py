"""What may be sent of a scan (the contract's section 4, **Events of a shipment**)."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from django.utils import timezone
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from common.wire import NO_NUL, Name, RequiredCode, Text, Timestamp, Wire
from shipments.phases import PickupType

MAX_SCANS = 1_000
"""In one call."""
LATEST = 24 * 3600
"""Seconds that a scan's time may lie ahead: carriers' clocks and zones are not always right, but
one scan from next year would make every true one late."""


def _not_ahead(value: datetime) -> datetime:
    if (value - timezone.now()).total_seconds() > LATEST:
        raise ValueError("must not lie more than a day in the future")
    return value


EventName = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$", strip_whitespace=True
    ),
    Field(description="A name of the catalogue (docs/events.md), or one of the shop's own."),
]


class PickupInput(Wire):
    """Where a parcel waits, or was left."""

    type: PickupType | None = None
    name: Name | None = None
    address: Text | None = None
    url: Text | None = None
    opening_hours: Text | None = None
    date_to: Timestamp | None = None


class WindowInput(Wire):
    """When the carrier expects to deliver."""

    start: Timestamp
    end: Timestamp

    @model_validator(mode="after")
    def _check_order(self) -> "WindowInput":
        if self.end < self.start:
            raise ValueError("must not end before it starts")
        return self


class ScanInput(Wire):
    event_name: EventName
    event_time: Annotated[Timestamp, AfterValidator(_not_ahead)]
    external_id: RequiredCode
    location: Name | None = None
    timezone: Annotated[str, StringConstraints(max_length=64, pattern=NO_NUL)] | None = None
    additional_info: Text | None = None
    pickup: PickupInput | None = None
    estimated_arrival: WindowInput | None = None

    def of_nobody(self) -> Self:
        """Without what may name who the parcel went to: their order was erased (docs/privacy.md).

        As erasing leaves what was reported before (`shipments.personal_data`).
        """
        pickup = PickupInput(type=self.pickup.type) if self.pickup else None
        return self.model_copy(update={"location": None, "additional_info": None, "pickup": pickup})


class ReportedScan(ScanInput):
    """A scan among many: it says which shipment it is of."""

    shipment_id: UUID | None = None
    tracking_number: RequiredCode | None = None

    @model_validator(mode="after")
    def _check_shipment(self) -> "ReportedScan":
        if (self.shipment_id is None) == (self.tracking_number is None):
            raise ValueError("needs either shipment_id or tracking_number")
        return self
