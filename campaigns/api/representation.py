"""Rows as `read_models` has them."""

from datetime import datetime
from typing import Any

from campaigns.models import Campaign, Discount
from shops.models import Shop


def represent_campaign(shop: Shop, campaign: Campaign, *, at: datetime) -> dict[str, Any]:
    """With its discount, which must have been read with it."""
    discount = campaign.discount
    return {
        "uuid": campaign.id,
        "name": campaign.name,
        "code": campaign.code,
        "enabled": campaign.is_enabled,
        "status": campaign.status(at),
        "start_date": campaign.starts_at,
        "end_date": campaign.ends_at,
        "segment": campaign.segment,
        "priority": campaign.priority,
        "promotion_type": campaign.promotion_type,
        "promotion_properties": represent_promotion(campaign.promotion_properties),
        "variant_b": represent_promotion(campaign.alternative_properties)
        if campaign.alternative_properties
        else None,
        "holdout_percent": campaign.holdout_percent,
        "discount": represent_discount(shop, discount) if discount else None,
        "shop_slug": shop.slug,
        "created_at": campaign.created_at,
        "updated_at": campaign.updated_at,
    }


def represent_promotion(stored: dict[str, Any]) -> dict[str, Any]:
    """With all its names, for clients that parse them unguarded."""
    return {
        "title": stored.get("title") or "",
        "subtitle": stored.get("subtitle") or "",
        "cta_label": stored.get("cta_label") or "",
        "cta_url": stored.get("cta_url") or "",
        "image_url": stored.get("image_url") or "",
        "translations": stored.get("translations") or {},
        "products": stored.get("products") or [],
    }


def represent_discount(shop: Shop, discount: Discount) -> dict[str, Any]:
    return {
        "uuid": discount.id,
        "code": discount.code,
        "title": discount.title,
        "type": discount.type,
        "value_type": discount.value_type,
        "value": discount.value,
        "shop_slug": shop.slug,
        "created_at": discount.created_at,
        "updated_at": discount.updated_at,
    }
