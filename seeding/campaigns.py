"""The campaigns of a seeded shop: what its customers are shown, and which of them it fits."""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction

from campaigns.models import DEFAULT_SEGMENT, Campaign, Discount
from campaigns.services import code_from
from seeding.ids import SeededIds
from shops.models import Shop


def seeded_campaigns(shop: Shop, *, opened_at: datetime, days: int) -> list[Campaign]:
    """The same for the same shop; the greatest priority first."""
    ids = SeededIds(Random(f"campaigns of {shop.id}"))
    made = [_campaign(shop, ids, said, opened_at, days) for said in _CAMPAIGNS]
    return sorted(made, key=lambda campaign: -campaign.priority)


@transaction.atomic
def write_campaigns(campaigns: Sequence[Campaign]) -> None:
    Discount.objects.bulk_create([c.discount for c in campaigns if c.discount])
    Campaign.objects.bulk_create(campaigns)


def fitting(
    campaigns: Sequence[Campaign], segments: Sequence[str], at: datetime
) -> Campaign | None:
    """What an order of these segments is shown at that time."""
    for campaign in campaigns:
        if campaign.segment in (DEFAULT_SEGMENT, *segments) and _is_running(campaign, at):
            return campaign
    return None


def _is_running(campaign: Campaign, at: datetime) -> bool:
    has_begun = campaign.starts_at is None or campaign.starts_at <= at
    return has_begun and (campaign.ends_at is None or at < campaign.ends_at)


def _campaign(
    shop: Shop, ids: SeededIds, said: dict[str, Any], opened_at: datetime, days: int
) -> Campaign:
    starts_at = opened_at + timedelta(days=int(days * said["from"]))
    ends_at = opened_at + timedelta(days=int(days * said["to"])) if "to" in said else None
    if ends_at is not None and ends_at <= starts_at:
        ends_at = starts_at + timedelta(days=1)
    dates = {"created_at": starts_at, "updated_at": starts_at}
    discount = None
    if "code" in said:
        discount = Discount(
            id=ids.at(starts_at),
            shop=shop,
            code=said["code"],
            value=Decimal(said["value"]),
            **dates,
        )
    properties = _promotion(said, ("title", "subtitle", "cta_label"), shop)
    properties["cta_url"] = f"https://{shop.slug}.example/"
    alternative = said.get("alternative")
    return Campaign(
        id=ids.at(starts_at),
        shop=shop,
        name=said["name"],
        code=code_from(said["name"]),
        is_enabled=True,
        starts_at=starts_at,
        ends_at=ends_at,
        segment=said["segment"],
        priority=said.get("priority", 0),
        promotion_properties=properties,
        alternative_properties=(
            _promotion({"title": alternative}, ("title",), shop) if alternative else None
        ),
        holdout_percent=said["holdout_percent"],
        discount=discount,
        **dates,
    )


def _promotion(said: dict[str, Any], names: Sequence[str], shop: Shop) -> dict[str, Any]:
    """In the shop's language, with the other ones as translations."""
    own = {name: said[name].get(shop.language, said[name]["en"]) for name in names}
    others = {language for name in names for language in said[name]} - {shop.language}
    translations = {
        language: {name: said[name][language] for name in names if language in said[name]}
        for language in sorted(others)
    }
    return {**own, "translations": translations}


_CAMPAIGNS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("campaigns.toml").read_text(encoding="utf-8")
)["campaigns"]
