"""From the wire's names to the columns that they set."""

from typing import Any

from campaigns.discounts import DiscountChanges
from campaigns.inputs import (
    CampaignAmendment,
    CampaignDiscountAmendment,
    CampaignDiscountInput,
    CampaignInput,
)
from campaigns.models import DEFAULT_SEGMENT, Campaign, CampaignStatus, Discount
from campaigns.services import CampaignChanges

EMPTIED_BY_NULL = {
    "start_date": "starts_at",
    "end_date": "ends_at",
    "variant_b": "alternative_properties",
    "discount": "discount_id",
}


def new_campaign(said: CampaignInput) -> CampaignChanges:
    """All columns: what was not said takes its default; but for those that a name is given for."""
    return {
        "starts_at": None,
        "ends_at": None,
        "segment": DEFAULT_SEGMENT,
        "priority": 0,
        "promotion_type": Campaign.PromotionType.BASIC,
        "promotion_properties": {},
        "alternative_properties": None,
        "holdout_percent": 0,
        "discount_id": None,
        **amended_campaign(said),
    }


def amended_campaign(said: CampaignAmendment) -> CampaignChanges:
    """The columns of which something was said; `null` empties those that may be empty."""
    emptied: Any = {
        column: None
        for name, column in EMPTIED_BY_NULL.items()
        if name in said.model_fields_set and getattr(said, name) is None
    }
    return {**_said(said), **_switches(said), **emptied}


def _said(said: CampaignAmendment) -> CampaignChanges:
    promotion, other = said.promotion_properties, said.variant_b
    columns: Any = {
        "name": said.name,
        "code": said.code,
        "starts_at": said.start_date,
        "ends_at": said.end_date,
        "segment": said.segment,
        "priority": said.priority,
        "promotion_type": said.promotion_type,
        "promotion_properties": None if promotion is None else promotion.as_stored(),
        "alternative_properties": None if other is None else other.as_stored(),
        "holdout_percent": said.holdout_percent,
        "discount_id": said.discount,
    }
    changes: CampaignChanges = _without_unsaid(columns)
    return changes


def _switches(said: CampaignAmendment) -> CampaignChanges:
    is_enabled = said.enabled
    if is_enabled is None and said.status is not None:
        is_enabled = said.status is not CampaignStatus.INACTIVE
    is_paused = None if said.status is None else said.status is CampaignStatus.PAUSED
    switches: CampaignChanges = _without_unsaid({"is_enabled": is_enabled, "is_paused": is_paused})
    return switches


def new_discount(said: CampaignDiscountInput) -> DiscountChanges:
    return {
        "title": "",
        "type": Discount.Type.ORDER,
        "value_type": Discount.ValueType.PERCENTAGE,
        **amended_discount(said),
    }


def amended_discount(said: CampaignDiscountAmendment) -> DiscountChanges:
    columns: Any = {
        "code": said.code,
        "title": said.title,
        "type": said.type,
        "value_type": said.value_type,
        "value": said.value,
    }
    changes: DiscountChanges = _without_unsaid(columns)
    return changes


def _without_unsaid(columns: dict[str, Any]) -> Any:
    return {name: value for name, value in columns.items() if value is not None}
