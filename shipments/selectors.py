"""Reads across orders and their shipments; each stays inside one shop."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from orders.models import Order, OrderLine
from shipments.models import Shipment, ShipmentLine
from shops.models import Shop


def orders_with_shipments(orders: QuerySet[Order], **conditions: Any) -> QuerySet[Order]:
    """Those of `orders` of which some shipment meets the conditions."""
    shipments = Shipment.objects.filter(
        shop_id=OuterRef("shop_id"), order_id=OuterRef("id"), **conditions
    )
    return orders.filter(Exists(shipments))


def shipments_by_order(shop: Shop, order_ids: Collection[UUID]) -> dict[UUID, list[Shipment]]:
    grouped: dict[UUID, list[Shipment]] = defaultdict(list)
    rows = Shipment.objects.of(shop).filter(order_id__in=order_ids).order_by("position")
    for shipment in rows:
        grouped[shipment.order_id].append(shipment)
    return grouped


def lines_by_order(shop: Shop, order_ids: Collection[UUID]) -> dict[UUID, list[OrderLine]]:
    grouped: dict[UUID, list[OrderLine]] = defaultdict(list)
    rows = OrderLine.objects.of(shop).filter(order_id__in=order_ids).order_by("position")
    for line in rows:
        grouped[line.order_id].append(line)
    return grouped


def own_lines_by_shipment(
    shop: Shop, shipments: Collection[Shipment]
) -> dict[UUID, list[ShipmentLine]]:
    """The lines of those shipments that have their own; the others hold what their order holds."""
    grouped: dict[UUID, list[ShipmentLine]] = defaultdict(list)
    ids = [shipment.id for shipment in shipments if shipment.has_own_lines]
    if ids:
        rows = ShipmentLine.objects.of(shop).filter(shipment_id__in=ids).order_by("position")
        for line in rows:
            grouped[line.shipment_id].append(line)
    return grouped
