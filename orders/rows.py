"""An order as it is stored, made from what the shop said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from common.ids import new_id
from common.rows import Row
from orders.inputs import (
    AddressInput,
    OrderInput,
    PreferredDeliveryDateInput,
    ProductInput,
    json_list,
)
from orders.models import Order
from orders.states import OrderState
from shops.models import Shop

_SAID_AS_STORED = (
    "order_name",
    "order_placed_at",
    "currency",
    "total_order_price",
    "shipping_price",
    "sub_total_price",
    "discount_price",
    "weight",
    "email_id",
    "external_id",
    "external_customer_id",
    "order_status_url",
    "segments",
    "user_agent",
    "order_analytics",
    "expected_number_of_shipments",
)
"""Fields whose column holds exactly what was said."""

CONTENT_COLUMNS = (
    "order_number",
    *_SAID_AS_STORED,
    "address",
    "discounts",
    "preferred_delivery_date",
    "erased_at",
)
"""What an upsert may change; the state is not among them."""


def new_order_row(shop: Shop, said: OrderInput, *, now: datetime) -> Row:
    """The row of a new order: the documented defaults where nothing was said."""
    row: Row = {
        "id": new_id(),
        "shop_id": shop.id,
        "order_number": said.order_number,
        "order_name": "",
        "order_placed_at": now,
        "currency": "EUR",
        "total_order_price": None,
        "shipping_price": None,
        "sub_total_price": None,
        "discount_price": 0,
        "weight": None,
        "email_id": "",
        "external_id": said.order_number,
        "external_customer_id": "",
        "order_status_url": "",
        "address": None,
        "segments": [],
        "discounts": [],
        "user_agent": None,
        "order_analytics": {},
        "preferred_delivery_date": None,
        "expected_number_of_shipments": 1,
        "state": OrderState.PLACED,
        "last_upsert_digest": "",
    }
    row.update(_said_columns(said))
    return row


def order_of(row: Row) -> Order:
    """The order that a new row is; what the database fills in is left to be read from there."""
    names = [field.attname for field in Order._meta.concrete_fields if field.attname in row]
    return Order.from_db("default", names, [row[name] for name in names])


def change_order(order: Order, said: OrderInput) -> list[str]:
    """Set on `order` what was said and differs; the names of the columns that changed."""
    changed = []
    for column, value in _said_columns(said).items():
        if getattr(order, column) != value:
            setattr(order, column, value)
            changed.append(column)
    if changed:
        order.erased_at = None  # the address is part of what was said, so it is somebody's again
    return changed


def content_row(order: Order) -> Row:
    return {column: getattr(order, column) for column in CONTENT_COLUMNS}


def address_as_stored(said: AddressInput) -> dict[str, str]:
    return said.model_dump(exclude_none=True)


def preferred_date_as_stored(said: PreferredDeliveryDateInput) -> dict[str, Any]:
    """With all its keys: readers find each of them, as null where it was not said."""
    return said.model_dump(mode="json")


def _said_columns(said: OrderInput) -> Row:
    columns: Row = {
        name: value for name in _SAID_AS_STORED if (value := getattr(said, name)) is not None
    }
    columns["order_number"] = said.order_number
    columns["address"] = address_as_stored(said.address)
    if said.discounts is not None:
        columns["discounts"] = json_list(said.discounts)
    if said.preferred_delivery_date is not None:
        columns["preferred_delivery_date"] = preferred_date_as_stored(said.preferred_delivery_date)
    return columns


def product_row(shop_id: UUID, position: int, said: ProductInput) -> Row:
    """A product's columns, but for the row (of an order or a shipment) that it belongs to."""
    return {"id": new_id(), "shop_id": shop_id, **product_columns(position, said)}


def product_columns(position: int, said: ProductInput) -> Row:
    return {
        "position": position,
        "product_id": said.product_id or "",
        "variant_id": said.variant_id or "",
        "sku": said.sku or "",
        "title": said.title or "",
        "quantity": 1 if said.quantity is None else said.quantity,
        "price": said.price,
        "size": said.size or "",
        "weight": said.weight,
        "images": json_list(said.images),
        "tax_lines": json_list(said.tax_lines),
        "bundled_products": json_list(said.bundled_products),
        "type": said.type or "product",
    }


PRODUCT_COLUMNS = tuple(product_columns(0, ProductInput()))


def same_products(kept: Sequence[Row], said: Sequence[ProductInput]) -> bool:
    """Whether the stored lines, as `.values(*PRODUCT_COLUMNS)` in order, are what was said."""
    return len(kept) == len(said) and all(
        row == product_columns(position, product)
        for position, (row, product) in enumerate(zip(kept, said, strict=True))
    )
