"""What may be said of campaigns and discounts (the contract's section 7)."""

from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from campaigns.models import (
    CODE_PATTERN,
    MOST_HELD_OUT,
    Campaign,
    CampaignStatus,
    Discount,
)
from campaigns.web_url import LONGEST, PATTERN, check_web_url
from common.wire import (
    NO_NUL,
    Amount,
    Code,
    JsonAmount,
    Name,
    RequiredCode,
    RequiredName,
    Timestamp,
    Wire,
    not_a_truth_value,
)

MOST_PRODUCTS = 20
MOST_LANGUAGES = 30

Heading = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL, strip_whitespace=True)]
WebUrl = Annotated[
    str,
    StringConstraints(max_length=LONGEST, strip_whitespace=True),
    AfterValidator(lambda text: check_web_url(text) if text else ""),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "maxLength": LONGEST, "pattern": PATTERN}, {"const": ""}]}
    ),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")]
CampaignCode = Annotated[str, StringConstraints(max_length=64, pattern=rf"^{CODE_PATTERN}$")]
Priority = Annotated[int, Field(ge=-1000, le=1000), BeforeValidator(not_a_truth_value)]
Percent = Annotated[int, Field(ge=0, le=MOST_HELD_OUT), BeforeValidator(not_a_truth_value)]
Value = Annotated[
    Amount,
    Field(ge=0, le=10**12),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 10**12},
                {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,4})?$"},
            ]
        }
    ),
]


def _bare_id(sent: Any) -> Any:
    """Also the discount as it is read, so that a campaign can be sent back as it came."""
    return sent.get("uuid") if isinstance(sent, dict) else sent


DiscountId = Annotated[
    UUID,
    BeforeValidator(_bare_id),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "uuid"},
                {
                    "type": "object",
                    "required": ["uuid"],
                    "properties": {"uuid": {"type": "string", "format": "uuid"}},
                },
            ]
        }
    ),
]


class PromotionTexts(Wire):
    """What a language may say otherwise."""

    title: Heading | None = None
    subtitle: Words | None = None
    cta_label: Label | None = None
    cta_url: WebUrl | None = None
    image_url: WebUrl | None = None


class PromotedProduct(Wire):
    product_id: Code | None = None
    variant_id: Code | None = None
    sku: Code | None = None
    title: Heading | None = None
    url: WebUrl | None = None
    image_url: WebUrl | None = None
    price: JsonAmount | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None


class PromotionInput(PromotionTexts):
    translations: (
        Annotated[
            dict[Language, PromotionTexts],
            Field(max_length=MOST_LANGUAGES, json_schema_extra={"additionalProperties": False}),
        ]
        | None
    ) = None
    products: Annotated[list[PromotedProduct], Field(max_length=MOST_PRODUCTS)] | None = None

    def as_stored(self) -> dict[str, Any]:
        """With what was said only; nothing where nothing was."""
        said: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return said


class CampaignAmendment(Wire):
    """What is absent stays; `null` empties the dates, the discount and variant B."""

    name: RequiredName | None = None
    code: CampaignCode | None = None
    enabled: bool | None = None
    status: Annotated[
        CampaignStatus | None,
        Field(
            description="`paused` pauses, `active` resumes. Otherwise it follows from the rest; "
            "without `enabled`, `inactive` disables and the others enable."
        ),
    ] = None
    start_date: Timestamp | None = None
    end_date: Timestamp | None = None
    segment: RequiredName | None = None
    priority: Priority | None = None
    promotion_type: Campaign.PromotionType | None = None
    promotion_properties: PromotionInput | None = None
    variant_b: Annotated[
        PromotionInput | None, Field(description="Shown to every other order, instead.")
    ] = None
    holdout_percent: Annotated[
        Percent | None, Field(description="Of the orders, to which it is not shown.")
    ] = None
    discount: DiscountId | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start_date and self.end_date and self.end_date <= self.start_date:
            raise ValueError("“start_date” must lie before “end_date”")
        return self


class CampaignInput(CampaignAmendment):
    """What is absent takes its default; on replacing, `code` and `enabled` stay."""

    name: RequiredName


class CampaignDiscountAmendment(Wire):
    code: RequiredCode | None = None
    title: Name | None = None
    type: Discount.Type | None = None
    value_type: Discount.ValueType | None = None
    value: Value | None = None

    @model_validator(mode="after")
    def _within_hundred(self) -> Self:
        is_percentage = self.value_type == Discount.ValueType.PERCENTAGE
        if is_percentage and self.value is not None and self.value > Decimal(100):
            raise ValueError("a percentage must be at most 100")
        return self


class CampaignDiscountInput(CampaignDiscountAmendment):
    code: RequiredCode
    value: Value
