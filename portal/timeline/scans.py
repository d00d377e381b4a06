"""What carriers reported that changed nothing: late, or for the second time.

What did change something stands in the event log.
"""

from django.utils.translation import gettext as _

from portal.status import Tone
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Subject, Who
from portal.timeline.facts import reported
from shipments.models import Effect, Feed, Scan, Shipment
from shipments.phases import Phase


def told_scans(subject: Subject, asked: Asked) -> list[Entry]:
    if subject.shipment is not None:
        return []
    shop = subject.shop
    of_order = Shipment.objects.of(shop).filter(order_id=subject.order.id)
    rows = Scan.objects.of(shop).filter(shipment_id__in=of_order.values("id"), shipment__shop=shop)
    rows = rows.exclude(effect=Effect.APPLIED).select_related("shipment")
    return [_entry(scan) for scan in asked.take(rows, by="received_at")]


def _entry(scan: Scan) -> Entry:
    text, _tone = reported(Phase(scan.phase), scan.event_name)
    effect = Effect(scan.effect)
    return Entry(
        at=scan.received_at,
        id=scan.id,
        text=_("%(scan)s (%(effect)s)") % {"scan": text, "effect": effect.label.lower()},
        tone=Tone.ATTENTION if effect is Effect.LATE else Tone.RETURNED,
        who=Who(actor=str(Feed(scan.feed).label)),
        code=scan.shipment.tracking_number or "",
        detail=scan.location,
        shipment_id=scan.shipment_id,
    )
