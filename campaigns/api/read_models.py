"""Campaigns and discounts as clients read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, RootModel

from campaigns.models import Campaign as CampaignRow
from campaigns.models import CampaignStatus
from campaigns.models import Discount as DiscountRow
from common.api.read_models import ReadModel


class TranslatedTexts(ReadModel):
    """What is not said here is as in the promotion itself."""

    title: str | None = None
    subtitle: str | None = None
    cta_label: str | None = None
    cta_url: str | None = None
    image_url: str | None = None


class CampaignProduct(ReadModel):
    product_id: str | None = None
    variant_id: str | None = None
    sku: str | None = None
    title: str | None = None
    url: str | None = None
    image_url: str | None = None
    price: float | None = None
    currency: str | None = None


class Promotion(ReadModel):
    title: str
    subtitle: str
    cta_label: str
    cta_url: str
    image_url: str
    translations: Annotated[
        dict[str, TranslatedTexts], Field(description="By language, such as `de` or `de-AT`.")
    ]
    products: Annotated[
        list[CampaignProduct], Field(description="Shown where the type is `product`.")
    ]


class CampaignDiscount(ReadModel):
    uuid: UUID
    code: str
    title: str
    type: DiscountRow.Type
    value_type: DiscountRow.ValueType
    value: Annotated[float, Field(description="Per cent, or an amount in the shop's currency.")]
    shop_slug: str
    created_at: datetime
    updated_at: datetime


class Campaign(ReadModel):
    uuid: UUID
    name: str
    code: Annotated[str, Field(description="`utm_campaign` of its links.")]
    enabled: bool
    status: CampaignStatus
    start_date: datetime | None
    end_date: datetime | None
    segment: Annotated[str, Field(description="`default` is for orders that no other fits.")]
    priority: Annotated[int, Field(description="Of several that fit, the greatest wins.")]
    promotion_type: CampaignRow.PromotionType
    promotion_properties: Promotion
    variant_b: Promotion | None
    holdout_percent: int
    discount: CampaignDiscount | None
    shop_slug: str
    created_at: datetime
    updated_at: datetime


class Campaigns(RootModel[list[Campaign]]):
    """Newest first."""


class Discounts(RootModel[list[CampaignDiscount]]):
    """Newest first."""
