"""Which campaign brought the order."""

from django.utils.translation import gettext as _

from campaigns.models import Attribution
from portal.status import Tone
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Subject, Who


def told_attribution(subject: Subject, asked: Asked) -> list[Entry]:
    if subject.shipment is not None:
        return []
    shop = subject.shop
    rows = Attribution.objects.of(shop).filter(order_id=subject.order.id, campaign__shop=shop)
    return [
        Entry(
            at=attribution.attributed_at,
            id=attribution.id,
            text=_("Brought by the campaign “%s”") % attribution.campaign.name,
            tone=Tone.EXPECTED,
            who=Who(actor=_("system")),
            code=attribution.evidence,
            detail=attribution.get_way_display(),
        )
        for attribution in asked.take(rows.select_related("campaign"), by="attributed_at")
    ]
