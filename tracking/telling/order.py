"""The whole order in one sentence: what its customer came for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Order
from shipments.phases import Flag, Phase
from tracking.telling.parcel import Parcel, Tone

PRESSING = (
    Phase.COLLECT,
    Phase.DELIVERY_FAILED,
    Phase.IN_DELIVERY,
    Phase.IN_TRANSIT,
    Phase.ORDER_PROCESSED,
    Phase.RETURN_FAILED,
    Phase.RETURNED,
    Phase.ORDER_CREATED,
    Phase.RETURN_CREATED,
    Phase.RETURN_TRANSIT,
    Phase.DELIVERED,
    Phase.RETURN_RECEIVED,
)
"""The parcel that the customer has to do something for, or waits for next, speaks for the order."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    tone: Tone
    title: str
    subtitle: str
    counts: str
    """How the order's parcels are, where there are several."""


def tell_order(order: Order, parcels: Sequence[Parcel]) -> Answer:
    if order.is_cancelled:
        return Answer(
            tone=Tone.RETURNED,
            title=_("This order was cancelled"),
            subtitle=_("Nothing will be sent. If that surprises you, please ask the shop."),
            counts="",
        )
    pressing = min(parcels, key=_urgency, default=None)
    if pressing is None:
        return Answer(
            tone=Tone.EXPECTED,
            title=_("Your order is being prepared"),
            subtitle=_("You see here when it is sent."),
            counts="",
        )
    if len(parcels) > 1 and all(p.shipment.phase == Phase.DELIVERED for p in parcels):
        return Answer(
            tone=Tone.DELIVERED,
            title=_("All parcels were delivered"),
            subtitle=_("We hope that everything is as you expected."),
            counts=_counts(parcels),
        )
    return Answer(
        tone=pressing.tone,
        title=pressing.title,
        subtitle=pressing.subtitle,
        counts=_counts(parcels) if len(parcels) > 1 else "",
    )


def _urgency(parcel: Parcel) -> tuple[bool, int, float, int]:
    """A lost parcel says less of what comes next than one that is on its way."""
    shipment = parcel.shipment
    end = shipment.arrival_end.timestamp() if shipment.arrival_end else float("inf")
    rank = PRESSING.index(Phase(shipment.phase))
    return shipment.flag == Flag.ERROR and rank > 1, rank, end, parcel.place


def _counts(parcels: Sequence[Parcel]) -> str:
    """“3 parcels: 1 delivered, 1 on its way, 1 not sent yet”."""
    delivered = sum(p.shipment.phase == Phase.DELIVERED for p in parcels)
    expected = sum(p.shipment.is_draft for p in parcels)
    waiting = sum(p.shipment.phase == Phase.COLLECT for p in parcels)
    moving = sum(p.shipment.is_on_its_way and p.shipment.flag != Flag.ERROR for p in parcels)
    parts = [
        (delivered, ngettext("%(n)d delivered", "%(n)d delivered", delivered)),
        (waiting, ngettext("%(n)d ready for pick-up", "%(n)d ready for pick-up", waiting)),
        (moving, ngettext("%(n)d on its way", "%(n)d on their way", moving)),
        (expected, ngettext("%(n)d not sent yet", "%(n)d not sent yet", expected)),
    ]
    total = ngettext("%(n)d parcel", "%(n)d parcels", len(parcels)) % {"n": len(parcels)}
    said = ", ".join(words % {"n": count} for count, words in parts if count)
    return f"{total}: {said}" if said else total
