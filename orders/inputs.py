"""What a shop says of an order: the placement of the contract's section 3, checked.

Every optional field is None when it was not said (absent or `null`). On placing, the defaults
apply; on updating, what was not said stays as it is.
"""

from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from common.currencies import CURRENCIES
from common.wire import (
    Amount,
    Code,
    Email,
    JsonAmount,
    JsonObject,
    Name,
    RequiredCode,
    RequiredName,
    Text,
    Timestamp,
    Wire,
    ZipCode,
    not_a_truth_value,
)
from orders.models import MAX_EXPECTED_SHIPMENTS

MOST_SEGMENTS = 200
MAX_PRODUCTS = 500
MAX_QUANTITY = 1_000_000


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("must be a currency code of ISO 4217: three letters, such as EUR")
    return code


Currency = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True),
    AfterValidator(_known_currency),
    WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)}),
]


def _nothing_when_unsaid(amount: str | None) -> str:
    return "0" if amount is None else amount


Quantity = Annotated[int, Field(ge=0, le=MAX_QUANTITY), BeforeValidator(not_a_truth_value)]


class ImageInput(Wire):
    src: Text | None = None
    alt: Text | None = None


class TaxLineInput(Wire):
    currency: Name | None = None
    price: JsonAmount | None = None
    rate: JsonAmount | None = None
    title: Name | None = None


class BundledProductInput(Wire):
    """A product inside a bundle; it holds no further ones."""

    product_id: Code | None = None
    variant_id: Code | None = None
    sku: Code | None = None
    title: Text | None = None
    quantity: Quantity | None = None
    price: JsonAmount | None = None
    size: Code | None = None
    weight: JsonAmount | None = None
    images: Annotated[list[ImageInput], Field(max_length=50)] | None = None
    tax_lines: Annotated[list[TaxLineInput], Field(max_length=50)] | None = None
    type: Literal["product", "bundle"] | None = None


class ProductInput(BundledProductInput):
    price: Amount | None = None
    weight: Amount | None = None
    bundled_products: Annotated[list[BundledProductInput], Field(max_length=100)] | None = None


def _no_nan(amount: str | None) -> str | None:
    """A text need be no number; but one that is none that counts is nobody's discount."""
    with suppress(InvalidOperation):
        if amount is not None and not Decimal(amount).is_finite():
            raise ValueError("must be a finite number")
    return amount


class DiscountInput(Wire):
    code: RequiredCode
    amount: Annotated[
        Code | None, AfterValidator(_nothing_when_unsaid), AfterValidator(_no_nan)
    ] = "0"
    """A number or a text; kept, and returned, as text."""
    type: Name | None = None


class AddressInput(Wire):
    zip_code: ZipCode
    address_line_1: Text | None = None
    address_line_2: Text | None = None
    street: Text | None = None
    city: Name | None = None
    province: Name | None = None
    province_code: Name | None = None
    country: Name | None = None
    country_code: Name | None = None
    name: Name | None = None
    phone: Code | None = None
    company: Name | None = None


class PreferredDeliveryDateInput(Wire):
    start: Timestamp | None = None
    end: Timestamp | None = None
    updated_at: Timestamp | None = None
    source: Name | None = None


ExpectedShipments = Annotated[
    int, Field(ge=1, le=MAX_EXPECTED_SHIPMENTS), BeforeValidator(not_a_truth_value)
]


class OrderInput(Wire):
    order_number: RequiredCode
    order_name: Code | None = None
    order_placed_at: Timestamp | None = None
    total_order_price: Amount | None = None
    shipping_price: Amount | None = None
    sub_total_price: Amount | None = None
    discount_price: Amount | None = None
    products: Annotated[list[ProductInput], Field(max_length=MAX_PRODUCTS)] | None = None
    discounts: Annotated[list[DiscountInput], Field(max_length=100)] | None = None
    email_id: Email | None = None
    address: AddressInput
    currency: Currency | None = None
    segments: Annotated[list[RequiredName], Field(max_length=MOST_SEGMENTS)] | None = None
    weight: Amount | None = None
    external_customer_id: Code | None = None
    order_status_url: Text | None = None
    external_id: RequiredCode | None = None
    preferred_delivery_date: PreferredDeliveryDateInput | None = None
    user_agent: Text | Annotated[list[Text], Field(max_length=50)] | None = None
    order_analytics: JsonObject | None = None
    expected_number_of_shipments: ExpectedShipments | None = None


def json_list(items: list[Any] | None) -> list[Any]:
    """Wire models as the JSON that is kept in a column."""
    return [item.model_dump(mode="json") for item in items or ()]
