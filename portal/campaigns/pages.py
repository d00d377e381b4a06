"""The list of a shop's campaigns, the page of one with what came of it, and its switches."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.choice import Variant
from campaigns.models import DEFAULT_SEGMENT, Campaign, CampaignStatus
from campaigns.results import DEFAULT_WITHIN, WITHIN, Results, effect_of, results_of
from campaigns.selectors import in_status
from campaigns.services import CampaignChanges, change_campaign, delete_campaign
from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.campaigns.effect import Comparison, Group, comparisons, groups
from portal.campaigns.find import find_or_404
from portal.campaigns.status import campaign_status, schedule_words
from portal.campaigns.words import percent, revenue_words
from portal.status import Status
from shops.models import Role, Shop

MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class CampaignItem:
    campaign: Campaign
    status: Status
    schedule: str
    results: Results
    click_rate: str
    revenue: str

    @property
    def is_for_all_else(self) -> bool:
        return self.campaign.segment == DEFAULT_SEGMENT


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A button that changes whether the campaign is shown."""

    name: str
    label: str
    is_main: bool = False


SWITCHES: dict[str, CampaignChanges] = {
    "enable": {"is_enabled": True, "is_paused": False},
    "disable": {"is_enabled": False},
    "pause": {"is_paused": True},
    "resume": {"is_paused": False},
}


@require_safe
@shop_page()
def campaign_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    wanted, now = request.GET.get("status", ""), timezone.now()
    campaigns: QuerySet[Campaign] = Campaign.objects.of(shop).kept()
    if wanted in CampaignStatus:
        campaigns = in_status(campaigns, CampaignStatus(wanted), at=now)
    found = list(campaigns.order_by("-created_at", "-id")[: MOST_SHOWN + 1])
    context = {
        "items": _items(shop, found[:MOST_SHOWN]),
        "has_more": len(found) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "statuses": CampaignStatus,
        "chosen": wanted if wanted in CampaignStatus else "",
        "may_edit": _may_edit(request),
    }
    return render(request, "portal/campaigns/list.html", context)


@require_safe
@shop_page()
def campaign_page(request: ShopRequest, shop: Shop, campaign_id: UUID) -> HttpResponse:
    campaign = find_or_404(shop, campaign_id)
    [item] = _items(shop, [campaign])
    days = next((d for d in WITHIN if str(d) == request.GET.get("days")), DEFAULT_WITHIN)
    effect = effect_of(shop, campaign, days=days, at=timezone.now())
    has_b = bool(campaign.alternative_properties) or effect.by_variant[Variant.B].whole > 0
    shown_groups: list[Group] = groups(effect, campaign, has_b=has_b)
    compared: list[Comparison] = comparisons(effect, campaign, has_b=has_b)
    context = {
        "campaign": campaign,
        "item": item,
        "buttons": _switches(campaign),
        "may_edit": _may_edit(request),
        "days": days,
        "within": WITHIN,
        "effect": effect,
        "groups": shown_groups,
        "comparisons": compared,
    }
    return render(request, "portal/campaigns/campaign.html", context)


@require_POST
@shop_page(Role.EDITOR)
def switch_campaign(request: ShopRequest, shop: Shop, campaign_id: UUID) -> HttpResponse:
    campaign = find_or_404(shop, campaign_id)
    changes = SWITCHES.get(request.POST.get("switch", ""))
    if changes is not None:
        try:
            change_campaign(campaign, changes)
        except DomainError as refusal:
            messages.error(request, refusal.message)
    return redirect("portal:campaign", slug=shop.slug, campaign_id=campaign.id)


@require_POST
@shop_page(Role.EDITOR)
def remove_campaign(request: ShopRequest, shop: Shop, campaign_id: UUID) -> HttpResponse:
    campaign = find_or_404(shop, campaign_id)
    delete_campaign(campaign)
    messages.success(request, _("“%s” is deleted.") % campaign.name)
    return redirect("portal:campaigns", slug=shop.slug)


def _may_edit(request: ShopRequest) -> bool:
    return Role(request.member.role).includes(Role.EDITOR)


def _items(shop: Shop, campaigns: list[Campaign]) -> list[CampaignItem]:
    found, now = results_of(shop, campaigns), timezone.now()
    return [
        CampaignItem(
            campaign=campaign,
            status=campaign_status(campaign, at=now),
            schedule=schedule_words(campaign),
            results=found[campaign.id],
            click_rate=percent(found[campaign.id].click_rate),
            revenue=revenue_words(found[campaign.id].revenue),
        )
        for campaign in campaigns
    ]


def _switches(campaign: Campaign) -> list[Switch]:
    if not campaign.is_enabled:
        return [Switch(name="enable", label=_("Enable"), is_main=True)]
    pause = Switch(name="pause", label=_("Pause"))
    resume = Switch(name="resume", label=_("Resume"), is_main=True)
    disable = Switch(name="disable", label=_("Disable"))
    return [resume if campaign.paused_at else pause, disable]
