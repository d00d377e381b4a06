"""Orders as what is counted: what they brought, whether they arrived, what customers did next."""

from analytics.questions import Dimension
from analytics.subjects.outcomes import DELIVERED, FAILED, OUTBOUND
from analytics.subjects.subject import Subject

UNITS = f"""
    SELECT c.*, c.order_id AS unit_id,
           coalesce(p.sent, 0) AS sent, coalesce(p.delivered, 0) AS delivered,
           coalesce(p.failed, 0) AS failed, coalesce(p.carriers, '{{}}') AS carriers,
           claimed.id IS NOT NULL AS is_claimed,
           coalesce(page.is_opened, false) AS is_opened,
           coalesce(page.is_clicked, false) AS is_clicked
      FROM cohort AS c
      LEFT JOIN LATERAL (
             SELECT count(*) AS sent,
                    count(*) FILTER (WHERE {DELIVERED}) AS delivered,
                    count(*) FILTER (WHERE {FAILED}) AS failed,
                    array_agg(DISTINCT s.carrier_reference::text) AS carriers
               FROM shipments_shipment AS s
              WHERE s.shop_id = c.shop_id AND s.shop_id = %(shop)s AND s.order_id = c.order_id
                AND NOT s.is_test AND {OUTBOUND}
           ) AS p ON true
      LEFT JOIN LATERAL (
             SELECT claim.id FROM claims_claim AS claim
              WHERE claim.shop_id = c.shop_id AND claim.shop_id = %(shop)s
                AND claim.order_id = c.order_id AND claim.deleted_at IS NULL AND NOT claim.is_test
              LIMIT 1
           ) AS claimed ON true
      LEFT JOIN LATERAL (
             SELECT bool_or(act.kind = 'opened') AS is_opened,
                    bool_or(act.kind = 'clicked') AS is_clicked
               FROM engagement_pageaction AS act
              WHERE act.shop_id = c.shop_id AND act.shop_id = %(shop)s
                AND act.order_id = c.order_id
           ) AS page ON true
"""

KEPT = "NOT is_cancelled"
DECIDED = "sent > 0 AND delivered + failed = sent"

ORDERS = Subject(
    name="orders",
    units=UNITS,
    counts={
        "orders": KEPT,
        "cancelled": "is_cancelled",
        "unpriced": f"{KEPT} AND price IS NULL",
        "repeat_orders": f"{KEPT} AND campaign <> ''",
        "unsent": f"{KEPT} AND sent = 0",
        "on_their_way": f"{KEPT} AND sent > delivered + failed",
        "decided": f"{KEPT} AND {DECIDED}",
        "successful": f"{KEPT} AND {DECIDED} AND failed = 0",
        "claimed": f"{KEPT} AND is_claimed",
        "opened": f"{KEPT} AND (is_opened OR is_clicked)",
        "engaged": f"{KEPT} AND is_clicked",
    },
    totals={
        "revenue": f"CASE WHEN {KEPT} THEN price END",
        "repeat_revenue": f"CASE WHEN {KEPT} AND campaign <> '' THEN price END",
    },
    keys={
        Dimension.CARRIER: "carriers",
        Dimension.COUNTRY: "country",
        Dimension.SEGMENT: "segments::text[]",
        Dimension.CAMPAIGN: "campaign",
        Dimension.CURRENCY: "currency::text",
    },
    several=frozenset({Dimension.CARRIER, Dimension.SEGMENT}),
    rollups=(
        (),
        (Dimension.CARRIER,),
        (Dimension.COUNTRY,),
        (Dimension.SEGMENT,),
        (Dimension.CAMPAIGN,),
    ),
    money=frozenset({"revenue", "repeat_revenue"}),
    columns={
        "total_order_price": "price",
        "carriers": "carriers",
        "shipments": "sent",
        "shipments_delivered": "delivered",
        "is_claimed": "is_claimed",
        "is_opened": "is_opened OR is_clicked",
    },
)
