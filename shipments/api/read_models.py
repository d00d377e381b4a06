"""Events of shipments as clients read them, as the API's description has them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.api.read_models import FaultBody, ReadModel
from shipments.models import Effect
from shipments.phases import Phase, PickupType


class Window(ReadModel):
    start: datetime
    end: datetime


class Pickup(ReadModel):
    type: PickupType | None
    name: str | None
    address: str | None
    url: str | None
    opening_hours: str | None
    date_to: datetime | None


class EventStrings(ReadModel):
    event_status: str
    list_label: str
    header_headline: str
    header_title: str
    header_subtitle: str


class Event(ReadModel):
    uuid: UUID
    external_id: str
    event_key: str
    time: datetime
    timezone: str | None
    location: str | None
    additional_info: str | None
    phase: Phase
    event_strings: EventStrings
    language: str
    effect: Effect


class TakenEvent(ReadModel):
    shipment_id: UUID
    uuid: UUID
    phase: Annotated[Phase, Field(description="Of the shipment, after all events of the call.")]
    effect: Effect


class EventItem(ReadModel):
    index: int
    outcome: Literal["created", "unchanged", "refused"]
    events: Annotated[
        list[TakenEvent],
        Field(description="One; more where several orders share the parcel's tracking number."),
    ]
    errors: list[FaultBody]
