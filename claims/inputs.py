"""What may be sent to file and to change a claim (the contract's section 6)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from claims.models import ClaimStatus, Preference, Reason
from common.wire import NO_NUL, Code, JsonAmount, RequiredCode, Text, Wire, not_a_truth_value

MOST_ITEMS = 500
MOST_IMAGES = 50

Description = Annotated[
    str, StringConstraints(max_length=10_000, pattern=NO_NUL, strip_whitespace=True)
]
Images = Annotated[list[Text], Field(max_length=MOST_IMAGES)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(not_a_truth_value)]


class SelectedItemInput(Wire):
    sku: Code | None = None
    title: Text | None = None
    quantity: Quantity
    net_price: Annotated[
        JsonAmount | None, Field(description="Of one, without discounts and taxes.")
    ] = None
    image_urls: Images | None = None


class ClaimInput(Wire):
    """It names its shipment by `shipment_id`, by `tracking_number`, or by both."""

    shipment_id: UUID | None = None
    tracking_number: Annotated[
        RequiredCode | None, Field(description="Instead of the shipment’s `uuid`.")
    ] = None
    reason: Reason
    resolution_preference: Preference | None = None
    status: Annotated[ClaimStatus | None, Field(description="`pending` if absent.")] = None
    description: Description | None = None
    customer_signature_image_url: Text | None = None
    selected_items: Annotated[list[SelectedItemInput], Field(max_length=MOST_ITEMS)] | None = None
    image_urls: Images | None = None
    dropoff_permission: Annotated[
        bool | None,
        Field(description="Whether the customer had allowed the carrier to leave it somewhere."),
    ] = None

    @model_validator(mode="after")
    def _check_shipment(self) -> Self:
        if self.shipment_id is None and self.tracking_number is None:
            raise ValueError("needs shipment_id or tracking_number")
        return self


class ClaimUpdate(Wire):
    """Absent or null is untouched."""

    status: ClaimStatus | None = None
    resolution_preference: Preference | None = None
