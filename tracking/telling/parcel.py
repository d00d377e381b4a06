"""One parcel as its customer reads of it: the sentence first, then everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import Rating
from engagement.ratings import is_ratable
from orders.models import ProductRow
from shipments.carriers import carrier_name
from shipments.catalogue.texts import event_strings
from shipments.feeds.simulator.words import note_words
from shipments.models import ArrivalSource, Effect, Scan, Shipment
from shipments.phases import Flag, Phase
from tracking.telling.pickup import Pickup, tell_pickup
from tracking.telling.steps import Step, steps_of
from tracking.telling.times import day_words, moment_words, window_words

MOVING = {Phase.ORDER_PROCESSED, Phase.IN_TRANSIT, Phase.IN_DELIVERY}


class Tone(StrEnum):
    """The status language (docs/design.md); a word always stands beside its colour."""

    EXPECTED = "expected"
    MOVING = "moving"
    PICKUP = "pickup"
    DELIVERED = "delivered"
    ATTENTION = "attention"
    FAILED = "failed"
    RETURNED = "returned"


TONES: dict[Phase, Tone] = {
    Phase.ORDER_CREATED: Tone.EXPECTED,
    Phase.ORDER_PROCESSED: Tone.MOVING,
    Phase.IN_TRANSIT: Tone.MOVING,
    Phase.IN_DELIVERY: Tone.MOVING,
    Phase.COLLECT: Tone.PICKUP,
    Phase.DELIVERED: Tone.DELIVERED,
    Phase.DELIVERY_FAILED: Tone.ATTENTION,
    Phase.RETURNED: Tone.RETURNED,
    Phase.RETURN_CREATED: Tone.EXPECTED,
    Phase.RETURN_TRANSIT: Tone.MOVING,
    Phase.RETURN_RECEIVED: Tone.RETURNED,
    Phase.RETURN_FAILED: Tone.ATTENTION,
}


@dataclass(frozen=True, kw_only=True)
class Note:
    """One line of a parcel's history."""

    text: str
    at: datetime
    moment: str
    place: str
    remark: str
    """What the carrier added."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    shipment: Shipment
    place: int
    """1 for the first of the order."""
    tone: Tone
    word: str
    """Its state in a word or two, such as “In transit”."""
    title: str
    """“Arrives tomorrow, 10–14”."""
    subtitle: str
    steps: Sequence[Step]
    notes: Sequence[Note]
    """Newest first."""
    pickup: Pickup | None
    carrier: str
    link: str
    """To the parcel at its carrier; empty if there is none."""
    lines: Sequence[ProductRow]
    """What is in it, where that is known of this very parcel."""
    has_window: bool
    """Whether its arrival can go into a calendar."""
    may_be_rated: bool
    rating: Rating | None


def tell_parcel(
    shipment: Shipment,
    scans: Sequence[Scan],
    *,
    place: int,
    lines: Sequence[ProductRow],
    rating: Rating | None,
    language: str,
    now: datetime,
) -> Parcel:
    """`scans`: the parcel's, newest first."""
    said = _newest_texts(shipment, scans, language)
    title, subtitle = _sentence(shipment, said, now=now)
    url = shipment.carrier_url
    return Parcel(
        shipment=shipment,
        place=place,
        tone=_tone(shipment),
        word=said["header_headline"],
        title=title,
        subtitle=subtitle,
        steps=steps_of(shipment, scans, now=now),
        notes=[_note(scan, language, now) for scan in scans if scan.effect != Effect.DUPLICATE],
        pickup=tell_pickup(shipment),
        carrier=carrier_name(shipment.carrier_reference) or shipment.tracking_company,
        link=url if url.startswith(("https://", "http://")) else "",
        lines=lines,
        has_window=has_window(shipment, now=now),
        may_be_rated=is_ratable(shipment),
        rating=rating,
    )


def has_window(shipment: Shipment, *, now: datetime) -> bool:
    """Whether somebody expects it in a window that has not passed; what is usual is no promise,
    and after an attempt that failed the window says nothing any more."""
    has_failed = shipment.phase == Phase.IN_DELIVERY and shipment.flag == Flag.DELAY
    return (
        shipment.phase in MOVING
        and not has_failed
        and shipment.flag != Flag.ERROR
        and shipment.arrival_start is not None
        and shipment.arrival_end is not None
        and shipment.arrival_end > now
        and shipment.arrival_source != ArrivalSource.USUAL
    )


def _sentence(shipment: Shipment, said: Mapping[str, str], *, now: datetime) -> tuple[str, str]:
    if shipment.phase == Phase.DELIVERED and shipment.delivered_at:
        at = moment_words(shipment.delivered_at, now=now)
        return _("Delivered %(when)s") % {"when": at}, said["event_status"]
    if shipment.phase == Phase.COLLECT and (until := (shipment.pickup or {}).get("date_to")):
        day = _day(until, now)
        return said["header_title"], _("It waits until %(day)s.") % {"day": day}
    if shipment.phase in MOVING and shipment.flag != Flag.ERROR:
        return _on_its_way(shipment, said, now=now)
    return said["header_title"], said["header_subtitle"]


def _on_its_way(shipment: Shipment, said: Mapping[str, str], *, now: datetime) -> tuple[str, str]:
    start, end = shipment.arrival_start, shipment.arrival_end
    is_late = shipment.flag == Flag.DELAY
    if is_late and shipment.phase == Phase.IN_DELIVERY:
        # Why it was not delivered (nobody home, a missed stop) says more than the passed window.
        return said["header_title"], said["header_subtitle"]
    if start is None or end is None or end <= now:
        if is_late:
            return _("Later than planned"), _(
                "We are sorry. There is no new time yet; it shows here as soon as it is known."
            )
        return said["header_title"], said["header_subtitle"]
    when = window_words(start, end, now=now)
    if is_late:
        return _("Later than planned: %(when)s") % {"when": when}, said["event_status"]
    if shipment.arrival_source == ArrivalSource.USUAL:
        usual = _("Parcels like yours usually arrive %(when)s.") % {"when": when}
        return said["header_title"], usual
    return _("Arrives %(when)s") % {"when": when}, said["event_status"]


def _tone(shipment: Shipment) -> Tone:
    phase = Phase(shipment.phase)
    if phase == Phase.DELIVERED or shipment.flag == Flag.NORMAL:
        return TONES[phase]
    return Tone.FAILED if shipment.flag == Flag.ERROR else Tone.ATTENTION


def _newest_texts(shipment: Shipment, scans: Sequence[Scan], language: str) -> dict[str, str]:
    newest = next((scan for scan in scans if scan.id == shipment.phase_scan_id), None)
    name = newest.event_name if newest else "ORDER_IN_PROCESSING"
    phase = Phase(shipment.phase)
    if newest is None and phase != Phase.ORDER_PROCESSED:
        name = "ORDER_CREATED"
    return event_strings(name, phase, language)


def _note(scan: Scan, language: str, now: datetime) -> Note:
    return Note(
        text=event_strings(scan.event_name, Phase(scan.phase), language)["list_label"],
        at=scan.event_time,
        moment=moment_words(scan.event_time, now=now),
        place=scan.location,
        remark=note_words(scan),
    )


def _day(said: Any, now: datetime) -> str:
    try:
        until = timezone.localtime(datetime.fromisoformat(str(said)))
    except ValueError:
        return str(said)
    return day_words(until.date(), today=timezone.localtime(now).date())
