"""What the event log tells of an order, in sentences for people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from claims.models import ClaimStatus, Reason
from common.trace import SYSTEM, Via
from events.models import Event, Source
from jobs.models import Job
from orders.models import Order
from portal.claims.status import CLAIM_TONES
from portal.jobs.kinds import TITLES
from portal.status import FLAG_TONES, PHASE_TONES, Tone
from portal.templatetags.moments import day_and_time
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Kind, Subject, Who
from shipments import facts
from shipments.carriers import carrier_name
from shipments.catalogue.meanings import meaning_of
from shipments.catalogue.texts import event_strings
from shipments.models import Scan
from shipments.phases import RETURN_PHASES, Direction, Phase
from shops.models import Shop

REPORTED_LATER = timedelta(minutes=5)

BY_US = [f"/{name}" for name, _group in (facts.ATTACHED, facts.CARRIER_CHANGED, facts.DETACHED)]
"""How the paths of parcels' events end that no carrier reported."""

OF_CARRIERS = Q(source=Source.SHIPMENTS) & ~Q(ref__endswith=BY_US[0])
OF_CARRIERS &= ~Q(ref__endswith=BY_US[1]) & ~Q(ref__endswith=BY_US[2])

WANTED = {
    None: ~Q(source=Source.CLAIMS),  # portal.timeline.claims says more of them
    Kind.CARRIER: OF_CARRIERS,
    Kind.API: Q(via=Via.API) | Q(via="", actor__startswith="API key "),
    Kind.PEOPLE: Q(via__in=[Via.PORTAL, Via.BACK_OFFICE, Via.JOB]) | Q(via="", actor__contains="@"),
}
"""Of events that were recorded before the way in was, the actor tells it."""


def told_facts(subject: Subject, asked: Asked) -> list[Entry]:
    rows = subject.events().filter(WANTED[asked.kind])
    if subject.shipment is not None:
        rows = rows.filter(shipment_id=subject.shipment.id).exclude(OF_CARRIERS)
    events = asked.take(rows, by="created_at")
    found = Scan.objects.of(subject.shop).filter(id__in=[event.id for event in events])
    scans = {scan.id: scan for scan in found}
    jobs = _jobs(subject.shop, events)
    return [tell_fact(event, who_did(event, jobs), scans.get(event.id)) for event in events]


def phase_times(shop: Shop, order: Order) -> dict[tuple[UUID | None, str], datetime]:
    """When each of the order's shipments last entered each phase."""
    rows = Event.objects.of(shop).of_order(order.id, made_at=order.created_at)
    rows = rows.filter(source=Source.SHIPMENTS).order_by()
    times: dict[tuple[UUID | None, str], datetime] = {}
    for shipment_id, ref, at in rows.values_list("shipment_id", "ref").annotate(Max("created_at")):
        key = (shipment_id, ref.split("/")[1])
        times[key] = max(at, times.get(key, at))
    return times


def who_did(event: Event, jobs: Mapping[str, UUID] = MappingProxyType({})) -> Who:
    """`jobs`: by the request that asked for them."""
    return Who(
        actor=_("system") if event.actor == SYSTEM else event.actor or _("unknown"),
        call=_call_words(event),
        job_id=jobs.get(event.request_id) if event.via == Via.JOB else None,
        key_hint=event.key_hint,
        request_id=event.request_id,
    )


def _call_words(event: Event) -> str:
    if event.via == Via.JOB:
        return str(TITLES.get(event.call, _("a job")))
    return str(WAYS.get(event.via, event.call))


def _jobs(shop: Shop, events: Sequence[Event]) -> dict[str, UUID]:
    asked = {event.request_id for event in events if event.via == Via.JOB and event.request_id}
    if not asked:
        return {}
    return dict(Job.objects.of(shop).filter(request_id__in=asked).values_list("request_id", "id"))


def tell_fact(event: Event, who: Who, scan: Scan | None = None) -> Entry:
    """The event of a scan has the id of the scan."""
    source, happened, *name = event.ref.split("/")
    if source == "orders" and "split" in event.event_data:
        return _split_entry(event, who, event.event_data["split"])
    if source == "orders" and happened in ORDER_SENTENCES:
        text, tone = ORDER_SENTENCES[happened]
        return _said(event, who, str(text), tone, detail=_changed(event.event_data))
    if source == "shipments" and happened in Phase:
        return _parcel_entry(event, who, Phase(happened), name[0] if name else "", scan)
    if source == "claims" and event.event_data.get("status") in ClaimStatus:
        return _claim_entry(event, who, happened)
    return _said(event, who, capfirst(event.ref.replace("/", " ")), Tone.EXPECTED)


def _said(event: Event, who: Who, text: str, tone: Tone, **more: Any) -> Entry:
    return Entry(at=event.created_at, id=event.id, text=text, tone=tone, who=who, **more)


def _split_entry(event: Event, who: Who, split: dict[str, Any]) -> Entry:
    moved = ngettext(
        "%d piece goes into the further one", "%d pieces go into the further one", split["quantity"]
    )
    return _said(
        event,
        who,
        _("Parcel split into two"),
        Tone.EXPECTED,
        code=split["tracking_number"] or "",
        detail=moved % split["quantity"],
        shipment_id=UUID(split["shipment_id"]),
    )


def _claim_entry(event: Event, who: Who, happened: str) -> Entry:
    said = event.event_data
    status, reason = ClaimStatus(said["status"]), said.get("reason")
    detail = str(Reason(reason).label) if reason in Reason else ""
    if happened == "created":
        return _said(event, who, _("Claim filed"), Tone.ATTENTION, detail=detail)
    return _said(event, who, _("Claim: %s") % status.label, CLAIM_TONES[status], detail=detail)


def _parcel_entry(event: Event, who: Who, phase: Phase, name: str, scan: Scan | None) -> Entry:
    said = event.event_data
    carrier = carrier_name(said.get("carrier_reference"))
    text, tone = PARCEL_SENTENCES.get(name) or reported(phase, name)
    return _said(
        event,
        who,
        str(text),
        tone,
        code=said.get("tracking_number") or "",
        detail=" · ".join(filter(None, [carrier, *(_seen(scan) if scan else ())])),
        shipment_id=event.shipment_id,
    )


def _seen(scan: Scan) -> Iterator[str]:
    """Where; and when, if it was reported only later."""
    yield scan.location
    if scan.received_at - scan.event_time >= REPORTED_LATER:
        yield _("scanned %s") % day_and_time(scan.event_time)


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

WAYS: Mapping[str, Any] = {
    Via.PORTAL: gettext_lazy("in the portal"),
    Via.BACK_OFFICE: gettext_lazy("in the back office"),
    Via.CUSTOMER: gettext_lazy("on the tracking page"),
    Via.FEED: gettext_lazy("what a carrier reported"),
    Via.TASK: gettext_lazy("by the clock"),
}
"""What people do not call by its technical name; calls of the API are named as they are."""

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
