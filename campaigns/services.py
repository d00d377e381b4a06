"""What people and programs do with a shop's campaigns."""

import re
import unicodedata
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.errors import ActiveSegmentExists, CampaignNotFound, CodeTaken
from campaigns.models import Campaign, Discount
from common.errors import Fault, Invalid
from shops.models import Shop

LONGEST_CODE = 48
"""Of one that is made from a name; the rest is for a number after it."""


class CampaignChanges(TypedDict, total=False):
    """Columns to set; what is not named stays."""

    name: str
    code: str
    is_enabled: bool
    is_paused: bool
    starts_at: datetime | None
    ends_at: datetime | None
    segment: str
    priority: int
    promotion_type: str
    promotion_properties: dict[str, Any]
    alternative_properties: dict[str, Any] | None
    holdout_percent: int
    discount_id: UUID | None


@transaction.atomic
def create_campaign(shop: Shop, changes: CampaignChanges) -> Campaign:
    """Raises ActiveSegmentExists, CodeTaken, Invalid. Without a code, one is made of the name."""
    _lock(shop)
    campaign = Campaign(shop=shop)
    _set(campaign, changes)
    campaign.created_at = campaign.updated_at
    campaign.save(force_insert=True)
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, changes: CampaignChanges) -> Campaign:
    """Raises what `create_campaign` does, and CampaignNotFound."""
    shop = campaign.shop
    _lock(shop)
    campaign = find_campaign(shop, campaign.id)
    _set(campaign, changes)
    campaign.save(force_update=True)
    return campaign


@transaction.atomic
def delete_campaign(campaign: Campaign) -> None:
    """It is shown and listed no more; the orders that it brought still count as repeated."""
    shop = campaign.shop
    _lock(shop)
    campaign = find_campaign(shop, campaign.id)
    campaign.is_enabled = False
    campaign.deleted_at = campaign.updated_at = timezone.now()
    campaign.save(update_fields=["is_enabled", "deleted_at", "updated_at"])


def find_campaign(shop: Shop, campaign_id: UUID) -> Campaign:
    """As it is stored now, with its discount; raises CampaignNotFound."""
    rows = Campaign.objects.of(shop).kept().select_related("discount")
    found = rows.filter(id=campaign_id).first()
    if found is None:
        raise CampaignNotFound(f"There is no campaign {campaign_id} in this shop.")
    found.shop = shop
    return found


def code_from(text: str) -> str:
    """“Spring sale!” as `spring-sale`: what `code` holds, and what attributions are compared in."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _lock(shop: Shop) -> None:
    """Campaigns of a shop change one after the other: they share its segments and codes."""
    Shop.objects.select_for_update(no_key=True).get(id=shop.id)


def _set(campaign: Campaign, changes: CampaignChanges) -> None:
    now = timezone.now()
    columns = {name: value for name, value in changes.items() if name != "is_paused"}
    for name, value in columns.items():
        setattr(campaign, name, value)
    if "is_paused" in changes:
        campaign.paused_at = (campaign.paused_at or now) if changes["is_paused"] else None
    if not campaign.is_enabled:
        campaign.paused_at = None
    campaign.updated_at = now
    _check_dates(campaign)
    _check_discount(campaign)
    _settle_code(campaign)
    if campaign.is_enabled:
        _take_segment(campaign, now)


def _check_dates(campaign: Campaign) -> None:
    starts_at, ends_at = campaign.starts_at, campaign.ends_at
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        message = "must lie after the start"
        raise Invalid(
            f"end_date {message}.", [Fault(loc=("end_date",), msg=message, type="value_error")]
        )


def _check_discount(campaign: Campaign) -> None:
    """One of this shop; read with the row, for what is answered shows it."""
    if campaign.discount_id is None:
        return
    discount = Discount.objects.of(campaign.shop).filter(id=campaign.discount_id).first()
    if discount is None:
        message = f"There is no discount {campaign.discount_id} in this shop"
        fault = Fault(loc=("discount",), msg=message, type="discount_not_found")
        raise Invalid(f"{message}.", [fault])
    campaign.discount = discount


def _settle_code(campaign: Campaign) -> None:
    others = Campaign.objects.of(campaign.shop).exclude(id=campaign.id)
    if campaign.code:
        if others.filter(code=campaign.code).exists():
            raise CodeTaken(_("Another campaign of this shop has the code %s.") % campaign.code)
        return
    wanted = code_from(campaign.name)[:LONGEST_CODE].strip("-") or "campaign"
    taken = set(others.filter(code__startswith=wanted).values_list("code", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    campaign.code = wanted if wanted not in taken else next(c for c in numbered if c not in taken)


def _take_segment(campaign: Campaign, now: datetime) -> None:
    """One enabled campaign per segment; one that has ended gives its segment up."""
    others = Campaign.objects.of(campaign.shop).exclude(id=campaign.id)
    for other in others.filter(is_enabled=True, segment=campaign.segment):
        if not other.has_ended(now):
            raise ActiveSegmentExists(
                _(
                    "“%(name)s” is enabled for the segment “%(segment)s” already; "
                    "disable it first, or choose another segment."
                )
                % {"name": other.name, "segment": campaign.segment}
            )
        other.is_enabled = False
        other.updated_at = now
        other.save(update_fields=["is_enabled", "updated_at"])
