"""Making and changing a campaign, with what customers would see beside it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Campaign
from campaigns.services import change_campaign, create_campaign
from common.errors import DomainError
from orders.models import Order
from portal.access import ShopRequest, shop_page
from portal.campaigns.draft import Draft
from portal.campaigns.find import find_or_404
from portal.campaigns.preview import SHOWN, Seen, preview_of
from shops.models import Role, Shop

LOOKED_AT = 200
"""Of the newest orders, for segments to suggest."""
MOST_SUGGESTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def new_campaign(request: ShopRequest, shop: Shop) -> HttpResponse:
    return _edit(request, shop, None)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def edit_campaign(request: ShopRequest, shop: Shop, campaign_id: UUID) -> HttpResponse:
    return _edit(request, shop, find_or_404(shop, campaign_id))


@require_POST
@shop_page(Role.EDITOR)
def preview_campaign(request: ShopRequest, shop: Shop) -> HttpResponse:
    """What htmx swaps in while somebody types; nothing is saved."""
    draft = Draft(shop, None, request.POST)
    return HttpResponse(preview_of(draft, Seen.of(draft, request.POST)))


def _edit(request: ShopRequest, shop: Shop, campaign: Campaign | None) -> HttpResponse:
    draft = Draft(shop, campaign, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "preview" not in request.POST and draft.is_valid():
        try:
            saved = _save(draft)
        except DomainError as refusal:
            draft.refuse(refusal)
        else:
            messages.success(request, _("“%s” is saved.") % saved.name)
            return redirect("portal:campaign", slug=shop.slug, campaign_id=saved.id)
    seen = Seen.of(draft, request.POST)
    context = {
        "draft": draft,
        "campaign": campaign,
        "seen": seen,
        "languages": settings.LANGUAGES,
        "variants": SHOWN,
        "preview": preview_of(draft, seen),
        "segments": _known_segments(shop),
    }
    return render(request, "portal/campaigns/form.html", context)


def _save(draft: Draft) -> Campaign:
    if draft.campaign is None:
        return create_campaign(draft.shop, draft.changes())
    return change_campaign(draft.campaign, draft.changes())


def _known_segments(shop: Shop) -> list[str]:
    """Of other campaigns and of the newest orders, to choose from."""
    newest = Order.objects.of(shop).newest_first().values_list("segments", flat=True)
    of_orders = {segment for segments in newest[:LOOKED_AT] for segment in segments}
    campaigns = Campaign.objects.of(shop).kept().values_list("segment", flat=True)
    return sorted({*of_orders, *campaigns[:LOOKED_AT]})[:MOST_SUGGESTED]
