"""What a page of an order depends on, as one short text: if that is the same, so is the page.

One query, whatever the order holds. What passes with time alone (today becomes yesterday, a
campaign begins) is not in it: no page is kept for long (`engagement.page_cache`).
"""

from common.statements import reading_cursor
from orders.tracking_link import LinkedOrder


def page_state(linked: LinkedOrder) -> str | None:
    """None when there is no such order, or its customer was erased."""
    cursor = reading_cursor()
    cursor.execute(_STATE, {"shop": linked.shop_id, "order": linked.order_id})
    row = cursor.fetchone()
    return None if row is None else "|".join(map(str, row))


_STATE = """
    SELECT o.updated_at, shop.name, shop.timezone, shop.language,
        (SELECT concat(count(*), max(s.updated_at)) FROM shipments_shipment AS s
            WHERE s.shop_id = o.shop_id AND s.order_id = o.id),
        (SELECT count(*) FROM shipments_scan AS scan
            JOIN shipments_shipment AS s ON s.shop_id = scan.shop_id AND s.id = scan.shipment_id
            WHERE s.shop_id = o.shop_id AND s.order_id = o.id),
        (SELECT max(r.updated_at) FROM engagement_rating AS r
            WHERE r.shop_id = o.shop_id AND r.order_id = o.id),
        (SELECT concat(count(*), max(c.updated_at)) FROM claims_claim AS c
            WHERE c.shop_id = o.shop_id AND c.order_id = o.id),
        (SELECT concat(count(*), max(a.updated_at)) FROM engagement_announcement AS a
            WHERE a.shop_id = o.shop_id),
        (SELECT concat(count(*), max(m.updated_at)) FROM campaigns_campaign AS m
            WHERE m.shop_id = o.shop_id),
        (SELECT d.updated_at FROM engagement_pagedesign AS d WHERE d.shop_id = o.shop_id)
    FROM orders_order AS o
    JOIN shops_shop AS shop ON shop.id = o.shop_id
    WHERE o.shop_id = %(shop)s AND o.id = %(order)s AND o.erased_at IS NULL
"""
