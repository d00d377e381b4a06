"""Reads across orders and their shipments; each stays inside one shop."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from common.statements import reading_cursor
from orders.models import Order, OrderLine
from shipments.models import Shipment, ShipmentLine
from shops.models import Shop


def orders_with_shipments(orders: QuerySet[Order], **conditions: Any) -> QuerySet[Order]:
    """Those of `orders` of which some shipment meets the conditions."""
    shipments = Shipment.objects.filter(
        shop_id=OuterRef("shop_id"), order_id=OuterRef("id"), **conditions
    )
    return orders.filter(Exists(shipments))


def orders_updated_since(orders: QuerySet[Order], since: Any) -> QuerySet[Order]:
    """Those of `orders` of which a shipment changed then or later.

    Looked up order by order, which `few_orders_updated_since` makes sure are not many.
    """
    shipments = Shipment.objects.filter(shop_id=OuterRef("shop_id"), order_id=OuterRef("id"))
    changes = shipments.order_by().values("order_id").annotate(newest=Max("updated_at"))
    return orders.alias(changed_at=Subquery(changes.values("newest"))).filter(changed_at__gte=since)


def few_orders_updated_since(shop: Shop, since: datetime | None) -> list[UUID] | None:
    """All orders of which a shipment changed then or later; None where many shipments did.

    If many did, some of the newest orders are among them, and walking from these finds a page at
    once; if few or none did, it would walk past all orders.
    """
    if since is None:
        return None
    cursor = reading_cursor()
    cursor.execute(_UPDATED_SINCE, [shop.id, since])
    [found] = cursor.fetchone()
    return None if len(found) > FEW else list(set(found))


FEW = 100
# The limit stands in the text, or PostgreSQL would plan for reading a tenth of all there are.
_UPDATED_SINCE = f"""
    SELECT ARRAY(
      SELECT order_id FROM shipments_shipment
       WHERE shop_id = %s AND updated_at >= %s ORDER BY updated_at DESC LIMIT {FEW + 1}
    )
"""


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
