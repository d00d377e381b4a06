"""Orders and shipments as clients read them (the contract's sections 3 and 4).

Generated clients parse prices and weights unguarded: they are numbers, 0 when unknown.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from orders.models import Order, ProductRow
from shipments.models import Shipment
from shipments.scans.representation import represent_scans
from shipments.selectors import lines_by_order, own_lines_by_shipment, shipments_by_order
from shops.models import Shop

ADDRESS_FIELDS = (
    "address_line_1",
    "address_line_2",
    "city",
    "company",
    "country",
    "country_code",
    "name",
    "phone",
    "province",
    "province_code",
    "street",
    "zip_code",
)


def represent_orders(shop: Shop, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """The orders with their lines, shipments and scans: four queries more, however many orders."""
    order_ids = [order.id for order in orders]
    lines = lines_by_order(shop, order_ids)
    shipments = shipments_by_order(shop, order_ids)
    own_lines = own_lines_by_shipment(shop, [s for group in shipments.values() for s in group])
    events = represent_scans(shop, [s.id for group in shipments.values() for s in group])
    represented = []
    for order in orders:
        products = [represent_product(line) for line in lines[order.id]]
        parcels = [
            represent_shipment(
                shop,
                order,
                shipment,
                [represent_product(line) for line in own_lines[shipment.id]]
                if shipment.has_own_lines
                else products,
                events[shipment.id],
            )
            for shipment in shipments[order.id]
        ]
        represented.append(_represent_order(shop, order, products, parcels))
    return represented


def _represent_order(
    shop: Shop, order: Order, products: list[dict[str, Any]], shipments: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "uuid": order.id,
        "order_number": order.order_number,
        "order_name": order.order_name or None,
        "external_id": order.external_id,
        "state": order.state,
        "order_placed_at": order.order_placed_at,
        "currency": order.currency,
        "total_order_price": number(order.total_order_price),
        "shipping_price": number(order.shipping_price),
        "sub_total_price": number(order.sub_total_price),
        "discount_price": number(order.discount_price),
        "weight": number(order.weight),
        "discounts": order.discounts,
        "email_id": order.email_id or None,
        "external_customer_id": order.external_customer_id or None,
        "address": {name: order.address.get(name) for name in ADDRESS_FIELDS},
        "segments": order.segments,
        "order_status_url": order.order_status_url or None,
        "preferred_delivery_date": order.preferred_delivery_date,
        "user_agent": order.user_agent,
        "order_analytics": order.order_analytics,
        "expected_number_of_shipments": order.expected_number_of_shipments,
        "products": products,
        "merchant_slug": shop.slug,
        "shop_slug": shop.slug,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "cancelled_at": order.cancelled_at,
        "tracking_page_url": None,
        "trackings": [shipment for shipment in shipments if shipment["tracking_number"]],
        "shipments": shipments,
    }


def represent_shipment(
    shop: Shop,
    order: Order,
    shipment: Shipment,
    products: list[dict[str, Any]],
    events: list[dict[str, Any]],
) -> dict[str, Any]:
    window = {"start": shipment.arrival_start, "end": shipment.arrival_end}
    carrier = {
        "tracking_number": shipment.tracking_number,
        "carrier_reference": shipment.carrier_reference,
        "tracking_url": shipment.carrier_url or None,
    }
    return {
        "uuid": shipment.id,
        "id": shipment.id,
        "tracking_number": shipment.tracking_number,
        "carrier_reference": shipment.carrier_reference or None,
        "tracking_url": shipment.carrier_url or None,
        "phase": shipment.phase,
        "direction": shipment.direction,
        "flag": shipment.flag,
        "state": shipment.coarse_state,
        "estimated_arrival": window if shipment.arrival_end else None,
        "carrier": carrier if shipment.carrier_reference else None,
        "pickup": shipment.pickup,
        "events": events,
        "products": products,
        "merchant_id": shop.id,
        "merchant_slug": shop.slug,
        "shop_slug": shop.slug,
        "order_id": order.id,
        "order_number": order.order_number,
        "tracking_placed_at": shipment.tracking_placed_at,
        "delivered_at": shipment.delivered_at,
        "updated_at": shipment.updated_at,
    }


def represent_product(line: ProductRow) -> dict[str, Any]:
    return {
        "product_id": line.product_id or None,
        "variant_id": line.variant_id or None,
        "sku": line.sku or None,
        "title": line.title or None,
        "quantity": line.quantity,
        "price": number(line.price),
        "size": line.size or None,
        "weight": number(line.weight),
        "images": line.images,
        "tax_lines": line.tax_lines,
        "bundled_products": [_represent_bundled(product) for product in line.bundled_products],
        "type": line.type,
    }


def _represent_bundled(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "product_id": kept["product_id"],
        "variant_id": kept["variant_id"],
        "sku": kept["sku"],
        "title": kept["title"],
        "quantity": 1 if kept["quantity"] is None else kept["quantity"],
        "price": kept["price"] or 0,
        "size": kept["size"],
        "weight": kept["weight"] or 0,
        "images": kept["images"] or [],
        "tax_lines": kept["tax_lines"] or [],
        "type": kept["type"] or "product",
    }


def number(amount: Decimal | None) -> float:
    return float(amount) if amount is not None else 0
