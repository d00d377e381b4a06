"""The status language: one tone per kind of state, the same on every page (docs/design.md)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orders.states import OrderState
from shipments.phases import Flag, Phase


class Tone(StrEnum):
    """Each has a colour and a shape of its dot; a word always stands beside it."""

    EXPECTED = "expected"
    PARTLY = "partly"
    MOVING = "moving"
    PICKUP = "pickup"
    DELIVERED = "delivered"
    ATTENTION = "attention"
    FAILED = "failed"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True)
class Status:
    tone: Tone
    word: str
    since: datetime | None = None


ORDER_TONES: dict[OrderState, Tone] = {
    OrderState.PLACED: Tone.EXPECTED,
    OrderState.PARTIALLY_FULFILLED: Tone.PARTLY,
    OrderState.FULFILLED: Tone.MOVING,
    OrderState.CANCELLED: Tone.RETURNED,
}

PHASE_TONES: dict[Phase, Tone] = {
    Phase.ORDER_CREATED: Tone.EXPECTED,
    Phase.ORDER_PROCESSED: Tone.MOVING,
    Phase.IN_TRANSIT: Tone.MOVING,
    Phase.IN_DELIVERY: Tone.MOVING,
    Phase.COLLECT: Tone.PICKUP,
    Phase.DELIVERED: Tone.DELIVERED,
    Phase.DELIVERY_FAILED: Tone.FAILED,
    Phase.RETURNED: Tone.RETURNED,
    Phase.RETURN_CREATED: Tone.EXPECTED,
    Phase.RETURN_TRANSIT: Tone.MOVING,
    Phase.RETURN_RECEIVED: Tone.RETURNED,
    Phase.RETURN_FAILED: Tone.FAILED,
}

FLAG_TONES: dict[Flag, Tone] = {Flag.DELAY: Tone.ATTENTION, Flag.ERROR: Tone.FAILED}


def order_status(state: str, *, since: datetime | None = None) -> Status:
    known = OrderState(state)
    return Status(tone=ORDER_TONES[known], word=str(known.label), since=since)


def parcel_status(phase: str, flag: str, *, since: datetime | None = None) -> Status:
    """The phase's word and tone; a delay or an error is said after it and takes the tone over."""
    known, flagged = Phase(phase), Flag(flag)
    if flagged is Flag.NORMAL or known is Phase.DELIVERED:
        return Status(tone=PHASE_TONES[known], word=str(known.label), since=since)
    word = f"{known.label}, {flagged.label.lower()}"
    return Status(tone=FLAG_TONES[flagged], word=word, since=since)
