"""The home page's numbers in SQL over the base tables, as PostgreSQL and DuckDB both take it.

Written to be quick: each table is read once, and joined as a whole.
"""

from analytics.questions import Period
from analytics.subjects.outcomes import FAILED_ATTEMPTS
from shops.models import Shop


def home_statements(shop: Shop, period: Period) -> list[str]:
    """By day: sums over orders, then over parcels; then the percentiles of the whole period."""
    names = ", ".join(f"'{name}'" for name in FAILED_ATTEMPTS)
    start, end = f"{period.first} 00:00:00", f"{period.last} 23:59:59.999999"
    scope = {
        "shop": shop.id,
        "zone": shop.timezone,
        "names": names,
        "placed": (
            f"order_placed_at >= timestamp '{start}' AT TIME ZONE '{shop.timezone}'"
            f" AND order_placed_at <= timestamp '{end}' AT TIME ZONE '{shop.timezone}'"
        ),
    }
    return [
        (_PURCHASES + _ORDERS).format(**scope),
        (_PURCHASES + _PARCELS).format(**scope),
        (_PURCHASES + _PERCENTILES).format(**scope),
    ]


_DELIVERED = """(s.phase = 'delivered'
    OR (s.phase IN ('return_created', 'return_transit', 'return_received', 'return_failed')
        AND s.delivered_at IS NOT NULL))"""
_FAILED = "(s.phase = 'returned' OR (s.phase = 'delivery_failed' AND s.flag = 'error'))"
_SENT = """s.shop_id = '{shop}' AND s.tracking_number IS NOT NULL AND NOT s.is_test
    AND NOT (s.phase IN ('return_created', 'return_transit', 'return_received', 'return_failed')
             AND s.delivered_at IS NULL)"""

_PURCHASES = """
    WITH purchase AS (
      SELECT id, CAST(order_placed_at AT TIME ZONE '{zone}' AS date) AS day, currency,
             total_order_price AS price, state = 'cancelled' AS is_cancelled
        FROM orders_order WHERE shop_id = '{shop}' AND NOT is_test AND {placed}
    )
"""

_ORDERS = (
    """
    , parcels AS (
      SELECT order_id, count(*) AS sent,
             count(*) FILTER (WHERE """
    + _DELIVERED
    + """) AS delivered, count(*) FILTER (WHERE """
    + _FAILED
    + """) AS failed
        FROM shipments_shipment AS s WHERE """
    + _SENT
    + """ GROUP BY order_id
    ), brought AS (
      SELECT DISTINCT order_id FROM campaigns_attribution WHERE shop_id = '{shop}'
    ), complained AS (
      SELECT DISTINCT order_id FROM claims_claim WHERE shop_id = '{shop}' AND deleted_at IS NULL
    ), page AS (
      SELECT order_id, bool_or(kind = 'opened') AS opened, bool_or(kind = 'clicked') AS clicked
        FROM engagement_pageaction WHERE shop_id = '{shop}' GROUP BY order_id
    )
    SELECT day, currency, count(*), sum(price),
           count(*) FILTER (WHERE brought.order_id IS NOT NULL),
           sum(price) FILTER (WHERE brought.order_id IS NOT NULL),
           count(*) FILTER (WHERE sent = delivered + failed),
           count(*) FILTER (WHERE sent = delivered),
           count(*) FILTER (WHERE sent > delivered + failed),
           count(*) FILTER (WHERE complained.order_id IS NOT NULL),
           count(*) FILTER (WHERE opened OR clicked),
           count(*) FILTER (WHERE clicked)
      FROM purchase
      LEFT JOIN parcels ON parcels.order_id = purchase.id
      LEFT JOIN brought ON brought.order_id = purchase.id
      LEFT JOIN complained ON complained.order_id = purchase.id
      LEFT JOIN page ON page.order_id = purchase.id
     WHERE NOT is_cancelled GROUP BY day, currency
"""
)

_PARCELS = (
    """
    , in_vain AS (
      SELECT DISTINCT shipment_id FROM shipments_scan
       WHERE shop_id = '{shop}' AND phase IN ('in_delivery', 'delivery_failed')
         AND event_name IN ({names})
    )
    SELECT day, count(*),
           sum(extract(epoch FROM s.delivered_at - s.tracking_placed_at))
             FILTER (WHERE """
    + _DELIVERED
    + """),
           count(*) FILTER (WHERE """
    + _DELIVERED
    + """),
           count(*) FILTER (WHERE """
    + _DELIVERED
    + """ AND s.promised_end IS NOT NULL),
           count(*) FILTER (WHERE """
    + _DELIVERED
    + """ AND s.delivered_at <= s.promised_end),
           count(*) FILTER (WHERE """
    + _DELIVERED
    + """ AND in_vain.shipment_id IS NULL),
           count(*) FILTER (WHERE """
    + _DELIVERED
    + """ OR in_vain.shipment_id IS NOT NULL),
           count(r.score), count(*) FILTER (WHERE r.score >= 4)
      FROM purchase
      JOIN shipments_shipment AS s ON s.order_id = purchase.id
      LEFT JOIN engagement_rating AS r ON r.shop_id = '{shop}' AND r.shipment_id = s.id
      LEFT JOIN in_vain ON in_vain.shipment_id = s.id
     WHERE NOT is_cancelled AND """
    + _SENT
    + """ GROUP BY day
"""
)

_PERCENTILES = (
    """
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY took),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY took)
      FROM (
        SELECT extract(epoch FROM s.delivered_at - s.tracking_placed_at) AS took
          FROM purchase
          JOIN shipments_shipment AS s ON s.order_id = purchase.id
         WHERE NOT is_cancelled AND """
    + _SENT
    + " AND "
    + _DELIVERED
    + """
      ) AS delivered
"""
)
