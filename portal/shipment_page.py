"""The page of one shipment: what it is, and what was reported of it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from engagement.ratings import ratings_by_shipment
from orders.models import OrderLine
from portal.access import ShopRequest, shop_page
from portal.addresses import label_lines, place_of
from portal.came_from import list_come_from
from portal.explain import reported_scans
from portal.orders import editor_facts
from portal.parcels import Parcel, describe_parcels
from portal.status import Tone
from portal.timeline.facts import reported
from portal.timeline.shown import only_timeline, show_timeline
from shipments.carrier_choice import destination_of
from shipments.feeds.simulator.words import note_words
from shipments.models import Effect, Feed, Scan, Shipment
from shipments.phases import Phase
from shipments.selectors import own_lines_by_shipment, shipments_by_order
from shops.models import Shop

FIRST_SHOWN = 50
MOST_SHOWN = 1_000

EFFECT_TONES = {Effect.LATE: Tone.ATTENTION, Effect.DUPLICATE: Tone.RETURNED}


@dataclass(frozen=True, kw_only=True)
class ScanItem:
    """One scan as the page tells it."""

    scan: Scan
    text: str
    """In the words of the catalogue."""
    tone: Tone
    effect: str
    effect_tone: Tone
    feed: str
    note: str
    is_current: bool
    """Whether the phase follows from this one."""


@require_safe
@shop_page()
def shipment_page(request: ShopRequest, shop: Shop, shipment_id: UUID) -> HttpResponse:
    found = Shipment.objects.of(shop).with_order().select_related("order")
    shipment = get_object_or_404(found, id=shipment_id)
    order = shipment.order
    siblings = shipments_by_order(shop, [order.id])[order.id]
    happened = show_timeline(request, shop, order, siblings=siblings, shipment=shipment)
    if part := only_timeline(request, happened):
        return part
    is_whole = request.GET.get("scans") == "all"
    most = MOST_SHOWN if is_whole else FIRST_SHOWN
    rows = list(Scan.objects.of(shop).filter(shipment=shipment)[: most + 1])
    scans = [_scan_item(scan, shipment) for scan in rows[:most]]
    context = {
        "room": "shipments",
        "order": order,
        "shipment": shipment,
        "parcel": _parcel(shop, shipment, siblings),
        "total": len(siblings),
        "label": label_lines(order.address),
        "place": place_of(order.address),
        "is_waiting": shipment.phase == Phase.COLLECT,
        "scans": scans,
        "has_more": len(rows) > most,
        "back": list_come_from(request, shop, "shipments"),
        **editor_facts(request, order),
        **happened,
    }
    return render(request, "portal/shipments/shipment.html", context)


def _parcel(shop: Shop, shipment: Shipment, siblings: list[Shipment]) -> Parcel:
    lines = list(OrderLine.objects.of(shop).filter(order_id=shipment.order_id).order_by("position"))
    own = [s for s in siblings if s.id == shipment.id]
    parcels = describe_parcels(
        siblings,
        country_code=destination_of(shipment.order.address),
        order_lines=lines,
        own_lines=own_lines_by_shipment(shop, own),
        phase_times={},
        scans=reported_scans(shop, own),
        ratings=ratings_by_shipment(shop, [shipment.order_id]),
    )
    parcel = next((one for one in parcels if one.shipment.id == shipment.id), None)
    if parcel is None:
        raise Http404("This shipment was taken back meanwhile.")
    return parcel


def _scan_item(scan: Scan, shipment: Shipment) -> ScanItem:
    text, tone = reported(Phase(scan.phase), scan.event_name)
    effect = Effect(scan.effect)
    return ScanItem(
        scan=scan,
        text=text,
        tone=tone,
        effect=str(effect.label),
        effect_tone=EFFECT_TONES.get(effect, Tone.MOVING),
        feed=str(Feed(scan.feed).label),
        note=note_words(scan),
        is_current=scan.id == shipment.phase_scan_id,
    )
