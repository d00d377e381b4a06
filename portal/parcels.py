"""An order's parcels as people count them: “1 of 3 sent”."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.models import Rating
from orders.models import Order, ProductRow
from orders.states import OrderState
from portal.carriers import CarrierReason, carrier_reason
from portal.explain import Arrival, Reported, explain_arrival, explain_phase
from portal.status import Status, Tone, order_status, parcel_status
from shipments.carriers import CARRIERS, carrier_name
from shipments.models import Shipment, ShipmentLine
from shipments.phases import Phase

MOST_DOTS = 5

NOTABLE = {
    Tone.FAILED: gettext_lazy("failed"),
    Tone.ATTENTION: gettext_lazy("delayed"),
    Tone.RETURNED: gettext_lazy("returned"),
    Tone.PICKUP: gettext_lazy("to pick up"),
    Tone.DELIVERED: gettext_lazy("delivered"),
}
"""What is said of an order's parcels beside how many were sent; the first that fits."""


@dataclass(frozen=True, kw_only=True)
class ParcelCount:
    words: str
    tones: list[Tone]
    """One per parcel, where there are few enough to draw."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One parcel of an order's page."""

    shipment: Shipment
    place: int
    """1 for the first of the order."""
    status: Status
    carrier: str
    carrier_sent: str
    """The shop's own words for the carrier, where they say something else."""
    carrier_reason: CarrierReason | None
    """None for an expected parcel."""
    link: str
    lines: Sequence[ProductRow]
    holds_all: bool
    """Whether it holds all of the order's lines, because nobody said what is in it."""
    arrival: Arrival | None
    explanation: str
    """Why it is in its phase."""
    rating: Rating | None
    """Its customer's."""

    @property
    def can_be_split(self) -> bool:
        return sum(line.quantity for line in self.lines) > 1


def count_parcels(order: Order, shipments: Sequence[Shipment]) -> ParcelCount:
    """How many were sent, and how many of them are in the state that matters most."""
    if order.is_cancelled:
        return ParcelCount(words=_("none"), tones=[])
    tones = [parcel_status(s.phase, s.flag).tone for s in shipments]
    total, counts = len(tones), Counter(tones)
    sent = sum(not shipment.is_draft for shipment in shipments)
    if counts[Tone.DELIVERED] == total:
        words = _("%(part)d of %(total)d delivered") % {"part": total, "total": total}
    else:
        words = _("%(part)d of %(total)d sent") % {"part": sent, "total": total}
        words += next((f", {counts[t]} {word}" for t, word in NOTABLE.items() if counts[t]), "")
    return ParcelCount(words=words, tones=tones if total <= MOST_DOTS else [])


def order_status_with_time(order: Order, shipments: Sequence[Shipment]) -> Status:
    """How long the order has been so: since it was placed, sent from, delivered, or cancelled.

    “Delivered” is no state that is stored: it follows from the parcels of a fulfilled order.
    """
    sent_at = [s.tracking_placed_at for s in shipments if s.tracking_placed_at]
    since: datetime | None = order.order_placed_at
    if order.is_cancelled:
        since = order.cancelled_at
    elif (delivered_at := _delivered_at(order, shipments)) is not None:
        return Status(tone=Tone.DELIVERED, word=_("Delivered"), since=delivered_at)
    elif order.state != OrderState.PLACED:
        since = max(sent_at, default=None)
    return order_status(order.state, since=since)


def _delivered_at(order: Order, shipments: Sequence[Shipment]) -> datetime | None:
    """When the last parcel of a fulfilled order was delivered; None while one is not.

    What the customer sends back later was delivered all the same.
    """
    times = [s.delivered_at for s in shipments if not s.is_draft]
    known = [at for at in times if at is not None]
    is_whole = order.state == OrderState.FULFILLED and len(known) == len(times)
    return max(known, default=None) if is_whole else None


def describe_parcels(
    shipments: Sequence[Shipment],
    *,
    country_code: str,
    order_lines: Sequence[ProductRow],
    own_lines: Mapping[UUID, Sequence[ShipmentLine]],
    phase_times: Mapping[tuple[UUID | None, str], datetime],
    scans: Mapping[UUID, Reported],
    ratings: Mapping[UUID, Rating],
) -> list[Parcel]:
    """Of an order that goes to `country_code`.

    `phase_times`: when each shipment reached each phase, as far as the log of events knows;
    `scans`: what was reported of those that were scanned; `ratings`: of those that were rated.
    """
    return [
        Parcel(
            shipment=shipment,
            place=place,
            status=parcel_status(
                shipment.phase, shipment.flag, since=_phase_since(shipment, phase_times)
            ),
            carrier=carrier_name(shipment.carrier_reference) or shipment.tracking_company,
            carrier_sent=_carrier_sent(shipment),
            carrier_reason=(
                None if shipment.is_draft else carrier_reason(shipment, country_code=country_code)
            ),
            link=shipment.carrier_url,
            lines=own_lines.get(shipment.id, ()) if shipment.has_own_lines else order_lines,
            holds_all=not shipment.has_own_lines,
            arrival=explain_arrival(shipment),
            explanation=explain_phase(shipment, scans.get(shipment.id, Reported())),
            rating=ratings.get(shipment.id),
        )
        for place, shipment in enumerate(shipments, start=1)
    ]


def _phase_since(
    shipment: Shipment, phase_times: Mapping[tuple[UUID | None, str], datetime]
) -> datetime | None:
    if shipment.phase == Phase.DELIVERED and shipment.delivered_at:
        return shipment.delivered_at
    if shipment.phase_since:
        return shipment.phase_since
    if shipment.phase == Phase.ORDER_PROCESSED:
        return shipment.tracking_placed_at
    return phase_times.get((shipment.id, shipment.phase))


def _carrier_sent(shipment: Shipment) -> str:
    known = CARRIERS.get(shipment.carrier_reference)
    sent = shipment.tracking_company
    return sent if known and sent and sent.lower() != known.name.lower() else ""
