"""What happened to an order, in sentences for people, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from events.models import Event
from orders.models import Order
from portal.status import FLAG_TONES, PHASE_TONES, Tone
from shipments.carriers import carrier_name
from shipments.catalogue.meanings import meaning_of
from shipments.catalogue.texts import event_strings
from shipments.phases import RETURN_PHASES, Direction, Phase
from shops.models import Shop

FIRST_SHOWN = 30
MOST_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Sentence:
    text: str
    tone: Tone
    code: str = ""
    """A number to stand after the text, such as the parcel's."""
    detail: str = ""
    shipment_id: UUID | None = None
    """The parcel that it is about, where there is still one."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What one request did at one time."""

    at: datetime
    actor: str
    request_id: str
    sentences: list[Sentence]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    moments: list[Moment] = field(default_factory=list)
    has_more: bool = False
    phase_times: dict[tuple[UUID | None, str], datetime] = field(default_factory=dict)
    """When each shipment last entered each phase."""


def order_timeline(shop: Shop, order: Order, *, most: int = FIRST_SHOWN) -> Timeline:
    rows = Event.objects.of(shop).filter(order_id=order.id).order_by("-created_at", "-id")
    events = list(rows[: most + 1])
    shown = events[:most]
    return Timeline(
        moments=[
            Moment(
                at=at,
                actor=actor or _("unknown"),
                request_id=request_id,
                sentences=[_sentence(event) for event in same],
            )
            for (at, actor, request_id), same in groupby(shown, key=_occasion)
        ],
        has_more=len(events) > most,
        phase_times=_phase_times(events),
    )


def _occasion(event: Event) -> tuple[datetime, str, str]:
    return event.created_at, event.actor, event.request_id


def _phase_times(events: Iterable[Event]) -> dict[tuple[UUID | None, str], datetime]:
    times: dict[tuple[UUID | None, str], datetime] = {}
    for event in events:
        parts = event.ref.split("/")
        if parts[0] == "shipments":
            times.setdefault((event.shipment_id, parts[1]), event.created_at)
    return times


def _sentence(event: Event) -> Sentence:
    source, happened, *name = event.ref.split("/")
    if source == "orders" and happened in ORDER_SENTENCES:
        text, tone = ORDER_SENTENCES[happened]
        return Sentence(text=str(text), tone=tone, detail=_changed(event.event_data))
    if source == "shipments" and happened in Phase:
        return _parcel_sentence(event, Phase(happened), name[0] if name else "")
    return Sentence(text=capfirst(event.ref.replace("/", " ")), tone=Tone.EXPECTED)


def _parcel_sentence(event: Event, phase: Phase, name: str) -> Sentence:
    said = event.event_data
    text, tone = PARCEL_SENTENCES.get(name) or reported(phase, name)
    return Sentence(
        text=str(text),
        tone=tone,
        code=said.get("tracking_number") or "",
        detail=carrier_name(said.get("carrier_reference")),
        shipment_id=event.shipment_id,
    )


def reported(phase: Phase, name: str) -> tuple[str, Tone]:
    """What a carrier's event says, in the words of the catalogue; some events have no name."""
    if not name:
        return str(phase.label), PHASE_TONES[phase]
    is_return = phase in RETURN_PHASES
    meaning = meaning_of(
        name, Direction.CUSTOMER_MERCHANT if is_return else Direction.MERCHANT_CUSTOMER
    )
    tone = FLAG_TONES.get(meaning.flag) if meaning else None
    texts = event_strings(name, phase, get_language() or "")
    return texts["list_label"], tone or PHASE_TONES[phase]


def _changed(said: dict[str, Any]) -> str:
    """“address, e-mail”: the fields that an update changed, as this page calls them."""
    names = [str(CHANGED.get(name, name.replace("_", " "))) for name in said.get("changed", ())]
    return ", ".join(names)


ORDER_SENTENCES = {
    "placed": (gettext_lazy("Order placed"), Tone.EXPECTED),
    "updated": (gettext_lazy("Order updated"), Tone.EXPECTED),
    "fulfilled": (gettext_lazy("Order fulfilled"), Tone.MOVING),
    "cancelled": (gettext_lazy("Order cancelled"), Tone.RETURNED),
}

PARCEL_SENTENCES = {
    "ORDER_IN_PROCESSING": (gettext_lazy("Tracking number attached"), Tone.MOVING),
    "CARRIER_CHANGED": (gettext_lazy("Carrier corrected"), Tone.EXPECTED),
    "TRACKING_DETACHED": (gettext_lazy("Tracking number detached"), Tone.ATTENTION),
}

CHANGED = {
    "order_placed_at": gettext_lazy("time of order"),
    "total_order_price": gettext_lazy("total"),
    "sub_total_price": gettext_lazy("subtotal"),
    "shipping_price": gettext_lazy("shipping"),
    "discount_price": gettext_lazy("discount"),
    "email_id": gettext_lazy("e-mail"),
    "external_customer_id": gettext_lazy("customer id"),
    "order_status_url": gettext_lazy("status page"),
    "preferred_delivery_date": gettext_lazy("preferred delivery date"),
    "order_analytics": gettext_lazy("attribution"),
    "expected_number_of_shipments": gettext_lazy("expected parcels"),
    "trackings": gettext_lazy("parcels"),
}
