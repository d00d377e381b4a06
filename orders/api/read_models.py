"""Orders and shipments as clients read them, as the API's description has them.

The answers are made by `shipments/representation.py`, straight from the rows; a test holds the two
together.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from common.api.read_models import FaultBody, ReadModel
from orders.states import OrderState
from shipments.api.read_models import Event, Pickup, Window
from shipments.phases import CoarseState, Direction, Flag, Phase

Price = Annotated[float, Field(description="In the order's currency; 0 when unknown.")]
Weight = Annotated[float, Field(description="In grams; 0 when unknown.")]


class Image(ReadModel):
    src: str | None
    alt: str | None


class TaxLine(ReadModel):
    currency: str | None
    price: float | None
    rate: float | None
    title: str | None


class BundledProduct(ReadModel):
    product_id: str | None
    variant_id: str | None
    sku: str | None
    title: str | None
    quantity: int
    price: Price
    size: str | None
    weight: Weight
    images: list[Image]
    tax_lines: list[TaxLine]
    type: Literal["product", "bundle"]


class Product(BundledProduct):
    bundled_products: list[BundledProduct]


class Discount(ReadModel):
    code: str
    amount: str
    type: str | None


class Address(ReadModel):
    address_line_1: str | None
    address_line_2: str | None
    city: str | None
    company: str | None
    country: str | None
    country_code: str | None
    name: str | None
    phone: str | None
    province: str | None
    province_code: str | None
    street: str | None
    zip_code: str


class PreferredDeliveryDate(ReadModel):
    start: datetime | None
    end: datetime | None
    updated_at: datetime | None
    source: str | None


class Carrier(ReadModel):
    tracking_number: str
    carrier_reference: str
    tracking_url: str | None


class Shipment(ReadModel):
    uuid: UUID
    id: Annotated[UUID, Field(description="The same as `uuid`.")]
    tracking_number: Annotated[str | None, Field(description="Null for a draft.")]
    carrier_reference: str | None
    tracking_url: str | None
    phase: Phase
    direction: Direction
    flag: Flag
    state: CoarseState
    estimated_arrival: Window | None
    carrier: Annotated[Carrier | None, Field(description="Null when it is not known.")]
    pickup: Annotated[Pickup | None, Field(description="Where it waits, or was left.")]
    events: Annotated[list[Event], Field(description="Newest first.")]
    products: list[Product]
    merchant_id: UUID
    merchant_slug: str
    shop_slug: str
    order_id: UUID
    order_number: str
    tracking_placed_at: datetime | None
    delivered_at: datetime | None
    updated_at: datetime
    is_test: Annotated[bool, Field(description="A test parcel: no number counts it.")]


class Order(ReadModel):
    uuid: UUID
    order_number: str
    order_name: str | None
    external_id: str
    state: OrderState
    order_placed_at: datetime
    currency: str
    total_order_price: Price
    shipping_price: Price
    sub_total_price: Price
    discount_price: Price
    weight: Weight
    discounts: list[Discount]
    email_id: str | None
    external_customer_id: str | None
    address: Address
    segments: list[str]
    order_status_url: str | None
    preferred_delivery_date: PreferredDeliveryDate | None
    user_agent: str | list[str] | None
    order_analytics: dict[str, Any]
    expected_number_of_shipments: int
    products: list[Product]
    merchant_slug: str
    shop_slug: str
    created_at: datetime
    updated_at: datetime
    cancelled_at: datetime | None
    tracking_page_url: str
    is_test: Annotated[bool, Field(description="The order of a test parcel.")]
    trackings: Annotated[list[Shipment], Field(description="The fulfilled shipments.")]
    shipments: Annotated[list[Shipment], Field(description="All shipments, drafts too.")]


class WrittenOrder(Order):
    ignored_trackings: Annotated[
        list[str], Field(description="Numbers that came twice in the request; the first counted.")
    ]


class BulkItem(ReadModel):
    index: int
    outcome: Literal["created", "updated", "unchanged", "refused"]
    uuid: UUID | None
    order_number: str | None
    ignored_trackings: list[str]
    errors: list[FaultBody]
