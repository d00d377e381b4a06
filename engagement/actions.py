"""Recording what is done on the tracking page of an order."""

from uuid import UUID

from common.ids import new_id
from common.statements import prepared_cursor
from engagement.models import ActionKind
from orders.models import Order
from shops.models import Shop


def record_action(
    shop: Shop,
    order: Order | UUID,
    *,
    kind: ActionKind,
    element: str = "",
    campaign_id: UUID | None = None,
    variant: str = "",
) -> None:
    """Once more: one row for each thing that is done, which counts how often and since when.

    Whether a person did it is the caller's to ask (`engagement.robots`). An order that is gone
    meanwhile is passed over.
    """
    order_id = order.id if isinstance(order, Order) else order
    prepared_cursor().execute(
        _RECORD, [new_id(), kind, element, campaign_id, variant, shop.id, order_id]
    )


_RECORD = """
    INSERT INTO engagement_pageaction AS kept
        (id, shop_id, order_id, kind, element, campaign_id, variant)
    SELECT %s, o.shop_id, o.id, %s, %s, %s, %s
    FROM orders_order AS o
    WHERE o.shop_id = %s AND o.id = %s
    ON CONFLICT (shop_id, order_id, kind, element, campaign_id, variant)
    DO UPDATE SET times = kept.times + 1, last_at = now()
"""
