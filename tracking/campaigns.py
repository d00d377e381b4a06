"""The campaign below the answer, and the click that leads from it into the shop."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from campaigns.choice import Choice, Variant, choose_campaign, variant_of
from campaigns.landing import landing_url
from campaigns.models import Campaign
from campaigns.promotion import Promotion, promotion_of
from engagement.actions import record_action
from engagement.models import ActionKind
from engagement.robots import is_robot
from orders.models import Order
from shops.models import Shop
from tracking.access import CustomerRequest, order_page
from tracking.rendering import render_not_found


def campaign_block(
    shop: Shop, order: Order, *, language: str, at: datetime
) -> tuple[Promotion | None, Mapping[str, Any]]:
    """What the page shows, and what is to be kept with it of the choice: also of one held out."""
    choice = choose_campaign(shop, order, at=at)
    if choice is None:
        return None, {}
    as_shown = Variant.A if choice.variant is Variant.HOLDOUT else choice.variant
    promotion = promotion_of(choice.campaign, as_shown, language=language, currency=shop.currency)
    if promotion is None:  # nothing to read: neither shown nor held out
        return None, {}
    return promotion if choice.is_shown else None, _kept(choice)


def _kept(choice: Choice) -> Mapping[str, Any]:
    return {"campaign_id": choice.campaign.id, "variant": choice.variant.value}


@require_safe
@order_page
def to_campaign(
    request: CustomerRequest, shop: Shop, order: Order, campaign_id: UUID, place: int = 0
) -> HttpResponseBase:
    """Into the shop, by the address that the campaign (or its product at `place`) stores."""
    campaign = Campaign.objects.of(shop).kept().filter(id=campaign_id).first()
    if campaign is None:
        return render_not_found(request)
    variant = variant_of(campaign, order.id)
    shown = Variant.A if variant is Variant.HOLDOUT else variant
    url = landing_url(campaign, shown, order, language=request.language, product=place)
    if not url:
        return render_not_found(request)
    if not is_robot(request.headers):
        record_action(
            shop,
            order,
            kind=ActionKind.CLICKED,
            element="campaign_product" if place else "campaign",
            campaign_id=campaign.id,
            variant=variant.value,
        )
    response = _SeeOther(url)
    response.headers["Cache-Control"] = "no-store"
    return response


class _SeeOther(HttpResponseRedirect):
    status_code = 303
    allowed_schemes = ["https", "http"]
