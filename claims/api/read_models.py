"""Claims as clients read them, as the API's description has them.

The answers are made by `claims/representation.py`; a test holds the two together.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from claims.models import ClaimStatus, Preference, Reason
from common.api.read_models import ReadModel
from orders.api.read_models import Address


class SelectedItem(ReadModel):
    sku: str | None
    title: str | None
    quantity: int
    net_price: float | None
    image_urls: list[str]


class Claim(ReadModel):
    uuid: UUID
    order_id: UUID
    order_number: str
    shipment_id: Annotated[
        UUID | None, Field(description="Null once the parcel is no longer expected.")
    ]
    reason: Reason
    status: ClaimStatus
    resolution_preference: Preference | None
    description: str | None
    customer_signature_image_url: str | None
    selected_items: list[SelectedItem]
    image_urls: Annotated[
        list[str],
        Field(description="Links to photos that customers sent here end after a week or two."),
    ]
    dropoff_permission: bool | None
    address: Address
    net_invoice_amount: Annotated[
        float, Field(description="Of the whole order’s products as sent; 0 when unknown.")
    ]
    tracking_number: str | None
    carrier_reference: str | None
    scan_date: Annotated[datetime | None, Field(description="Of the carrier’s first scan.")]
    weight_kg: Annotated[float, Field(description="Of the parcel; 0 when unknown.")]
    shop_slug: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
