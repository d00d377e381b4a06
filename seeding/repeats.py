"""Orders that campaigns brought: which of those of returning customers, and what says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from campaigns.models import AttributionWay, Campaign
from common.rows import Row
from seeding.baskets import Code
from seeding.campaigns import fitting
from seeding.stories import Story

BROUGHT = 0.22
"""Of the orders of customers who come back."""
WAYS = ((AttributionWay.ANALYTICS, 0.5), (AttributionWay.DISCOUNT, 0.85))
"""The rest came by the link of a tracking page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    campaign: Campaign
    way: AttributionWay

    @property
    def code(self) -> Code | None:
        """The discount in the basket."""
        discount = self.campaign.discount
        if self.way is not AttributionWay.DISCOUNT or discount is None:
            return None
        return (discount.code, discount.value_type, int(discount.value))

    @property
    def analytics(self) -> dict[str, Any] | None:
        if self.way is AttributionWay.ANALYTICS:
            return {
                "utm_source": "tracking_page",
                "utm_medium": "campaign",
                "utm_campaign": self.campaign.code,
                "campaign_id": str(self.campaign.id),
            }
        if self.way is AttributionWay.REFERRAL:
            return {"utm_source": "tracking_page", "utm_medium": "referral"}
        return None

    @property
    def evidence(self) -> str:
        if self.way is AttributionWay.ANALYTICS:
            return f"campaign_id={self.campaign.id}"
        if self.way is AttributionWay.DISCOUNT and self.campaign.discount:
            return f"discount={self.campaign.discount.code}"
        return "utm_source=tracking_page"

    def row(self, story: Story) -> Row:
        at = story.order.order_placed_at
        return {
            "id": story.ids.at(at),
            "shop_id": story.order.shop_id,
            "order_id": story.order.id,
            "campaign_id": self.campaign.id,
            "way": self.way,
            "evidence": self.evidence,
            "referring_order_id": None,
            "attributed_at": at,
        }


def repeat_of(
    rng: Random, campaigns: Sequence[Campaign], segments: Sequence[str], at: datetime
) -> Repeat | None:
    """What brought an order of somebody who had ordered before; None where nothing did."""
    if rng.random() >= BROUGHT:
        return None
    campaign = fitting(campaigns, segments if rng.random() < 0.5 else (), at)
    if campaign is None:
        return None
    draw = rng.random()
    way = next((way for way, end in WAYS if draw < end), AttributionWay.REFERRAL)
    if way is AttributionWay.DISCOUNT and campaign.discount is None:
        way = AttributionWay.REFERRAL
    return Repeat(campaign=campaign, way=way)
