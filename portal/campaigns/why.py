"""Which campaign an order's page would show, and why: for a merchant who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.choice import Choice, choose_campaign
from campaigns.models import DEFAULT_SEGMENT, Campaign, CampaignStatus
from campaigns.segments import segments_at_fulfilment
from orders.errors import OrderReferenceAmbiguous
from orders.lookup import Reference, ReferenceType, find_orders
from orders.models import Order
from portal.access import ShopRequest, shop_page
from shops.models import Shop

MOST_LISTED = 50
REFERENCES = (ReferenceType.ORDER_NUMBER, ReferenceType.ORDER_NAME, ReferenceType.EXTERNAL_ID)


@dataclass(frozen=True, kw_only=True)
class Other:
    campaign: Campaign
    reason: str


@require_safe
@shop_page()
def why_campaign(request: ShopRequest, shop: Shop) -> HttpResponse:
    said = request.GET.get("order", "").strip()[:255]
    context: dict[str, object] = {"said": said}
    order = _find(shop, said) if said else None
    if order is not None:
        now = timezone.now()
        choice = choose_campaign(shop, order, at=now)
        segments = segments_at_fulfilment(shop, order)
        context |= {
            "order": order,
            "choice": choice,
            "segments": segments,
            "others": _others(shop, choice, segments, at=now),
        }
    return render(request, "portal/campaigns/why.html", context)


def _find(shop: Shop, said: str) -> Order | None:
    """By its number or, if there is none, by the other names that people know it by."""
    known = find_orders(shop, [Reference(kind, said) for kind in REFERENCES], lock=False)
    for kind in REFERENCES:
        try:
            order = known.one(Reference(kind, said))
        except OrderReferenceAmbiguous:
            continue
        if order is not None:
            return order
    return None


def _others(
    shop: Shop, choice: Choice | None, segments: Sequence[str], *, at: datetime
) -> list[Other]:
    """Why each of the other campaigns is not shown, the newest first."""
    campaigns = Campaign.objects.of(shop).kept().order_by("-created_at", "-id")
    return [
        Other(campaign=one, reason=_reason(one, choice, segments, at=at))
        for one in campaigns[:MOST_LISTED]
        if choice is None or one.id != choice.campaign.id
    ]


def _reason(
    campaign: Campaign, choice: Choice | None, segments: Sequence[str], *, at: datetime
) -> str:
    match campaign.status(at):
        case CampaignStatus.INACTIVE:
            return _("It has ended.") if campaign.is_enabled else _("It is not enabled.")
        case CampaignStatus.PAUSED:
            return _("It is paused.")
        case CampaignStatus.SCHEDULED:
            return _("It has not started yet.")
    if campaign.segment in segments:
        return _("It fits, but another one goes before it.")
    if campaign.segment == DEFAULT_SEGMENT and choice is not None:
        return _("A campaign for one of the order’s segments goes before it.")
    return _("The order is not in its segment, “%s”.") % campaign.segment
