"""A parcel's way as a few steps: which are done, which one it is at, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shipments.models import Effect, Scan, Shipment
from shipments.phases import Direction, Flag, Phase
from tracking.telling.times import short_day

Way = Sequence[tuple[Phase, "str | Promise"]]

TO_THE_DOOR: Way = (
    (Phase.ORDER_PROCESSED, _("Announced")),
    (Phase.IN_TRANSIT, _("On its way")),
    (Phase.IN_DELIVERY, _("Out for delivery")),
    (Phase.DELIVERED, _("Delivered")),
)
TO_A_PICKUP_POINT: Way = (
    (Phase.ORDER_PROCESSED, _("Announced")),
    (Phase.IN_TRANSIT, _("On its way")),
    (Phase.COLLECT, _("Ready for pick-up")),
    (Phase.DELIVERED, _("Picked up")),
)
NOT_DELIVERED: Way = (
    (Phase.ORDER_PROCESSED, _("Announced")),
    (Phase.IN_TRANSIT, _("On its way")),
    (Phase.DELIVERY_FAILED, _("Not delivered")),
    (Phase.DELIVERED, _("Delivered")),
)
BACK_TO_THE_SENDER: Way = (
    (Phase.ORDER_PROCESSED, _("Announced")),
    (Phase.IN_TRANSIT, _("On its way")),
    (Phase.DELIVERY_FAILED, _("Not delivered")),
    (Phase.RETURNED, _("Back to the shop")),
)
A_RETURN: Way = (
    (Phase.RETURN_CREATED, _("Return announced")),
    (Phase.RETURN_TRANSIT, _("On its way back")),
    (Phase.RETURN_RECEIVED, _("At the shop")),
)
A_FAILED_RETURN: Way = (
    (Phase.RETURN_CREATED, _("Return announced")),
    (Phase.RETURN_TRANSIT, _("On its way back")),
    (Phase.RETURN_FAILED, _("Not at the shop")),
)
LAST = {Phase.DELIVERED, Phase.RETURN_RECEIVED}


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


@dataclass(frozen=True, kw_only=True)
class Step:
    label: "str | Promise"
    state: StepState
    is_trouble: bool = False
    day: str = ""
    """When the parcel first came that far, in the page's zone."""


def steps_of(shipment: Shipment, scans: Sequence[Scan], *, now: datetime) -> list[Step]:
    """None of a draft: nothing was sent yet."""
    if shipment.is_draft:
        return []
    reached = _first_times(shipment, scans)
    way, phase = _way(shipment, reached), Phase(shipment.phase)
    names = [name for name, _ in way]
    at = names.index(phase) if phase in names else 0
    is_over = phase in LAST
    is_trouble = phase in {Phase.DELIVERY_FAILED, Phase.RETURNED, Phase.RETURN_FAILED}
    is_trouble = is_trouble or (shipment.flag != Flag.NORMAL and not is_over)
    return [
        Step(
            label=label,
            state=_state(place, at, is_over=is_over),
            is_trouble=is_trouble and place == at,
            day=_day(reached[name], now) if name in reached and place <= at else "",
        )
        for place, (name, label) in enumerate(way)
    ]


def _day(at: datetime, now: datetime) -> str:
    return short_day(timezone.localtime(at).date(), today=timezone.localtime(now).date())


def _state(place: int, at: int, *, is_over: bool) -> StepState:
    if place < at or (place == at and is_over):
        return StepState.DONE
    return StepState.CURRENT if place == at else StepState.TODO


def _way(shipment: Shipment, reached: Mapping[Phase, datetime]) -> Way:
    phase = Phase(shipment.phase)
    if shipment.direction == Direction.CUSTOMER_MERCHANT:
        return A_FAILED_RETURN if phase == Phase.RETURN_FAILED else A_RETURN
    if phase == Phase.RETURNED:
        return BACK_TO_THE_SENDER
    if phase == Phase.DELIVERY_FAILED:
        return NOT_DELIVERED
    is_collected = phase == Phase.DELIVERED and Phase.COLLECT in reached
    return TO_A_PICKUP_POINT if phase == Phase.COLLECT or is_collected else TO_THE_DOOR


def _first_times(shipment: Shipment, scans: Sequence[Scan]) -> dict[Phase, datetime]:
    times: dict[Phase, datetime] = {}
    if shipment.tracking_placed_at:
        times[Phase.ORDER_PROCESSED] = shipment.tracking_placed_at
    for scan in sorted(scans, key=lambda scan: scan.event_time):
        if scan.effect != Effect.DUPLICATE:
            times.setdefault(Phase(scan.phase), scan.event_time)
    return times
