"""The numbers once more, in plain SQL over the base tables: written without the product's.

Nothing here is quick, and nothing is shared with `analytics`: one query for each number, which
says for each key and currency (numerator, denominator).
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from holidays import country_holidays

from shops.models import Shop

Found = dict[tuple[str, ...], tuple[Any, Any]]

PARCELS = """
    parcel AS (
      SELECT s.*,
             CASE WHEN phase LIKE 'return\\_%%' THEN
                       CASE WHEN delivered_at IS NULL THEN 'own return' ELSE 'arrived' END
                  WHEN phase = 'delivered' THEN 'arrived'
                  WHEN phase = 'returned' THEN 'lost'
                  WHEN phase = 'delivery_failed' AND flag = 'error' THEN 'lost'
                  ELSE 'underway' END AS outcome,
             (SELECT count(*) FROM shipments_scan t
               WHERE t.shipment_id = s.id AND t.phase IN ('in_delivery', 'delivery_failed')
                 AND t.event_name = ANY(%(in_vain)s)) > 0 AS in_vain
        FROM shipments_shipment s
       WHERE shop_id = %(shop)s AND tracking_number IS NOT NULL AND is_test = false
    ), sent AS (SELECT * FROM parcel WHERE outcome <> 'own return')
"""

IN_VAIN = [
    "DELIVERY_ATTEMPTED",
    "DELIVERY_ATTEMPTED_BUSINESS_CLOSED",
    "DELIVERY_ATTEMPTED_NOBODY_HOME",
    "DELIVERY_ATTEMPTED_NO_ACCESS",
    "DELIVERY_ATTEMPTED_NO_IDENTIFICATION",
    "DELIVERY_ATTEMPTED_PAYMENT_MISSING",
    "DELIVERY_FAILED",
    "FORWARDED_TO_PARCEL_LOCKER",
    "FORWARDED_TO_PARCEL_SHOP",
    "LAST_DELIVERY_ATTEMPT_FAILED",
    "OUT_FOR_SECOND_DELIVERY",
    "PARCEL_LOCKER_FULL",
    "SECOND_DELIVERY_ATTEMPTED",
    "SECOND_DELIVERY_SCHEDULED",
]

ORDERS = """
    purchase AS (
      SELECT o.*, to_char(o.order_placed_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD') AS local_day,
             upper(coalesce(o.address->>'country_code', '')) AS country,
             (SELECT a.campaign_id FROM campaigns_attribution a WHERE a.order_id = o.id) AS brought
        FROM orders_order o
       WHERE o.shop_id = %(shop)s AND NOT o.is_test AND o.state <> 'cancelled'
         AND to_char(o.order_placed_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD')
             BETWEEN %(first)s AND %(last)s
    )
"""

ORDER_KEYS = {
    "": "SELECT id AS order_id, '' AS key FROM purchase",
    "carrier": """
        SELECT DISTINCT p.id AS order_id, coalesce(sent.carrier_reference, '') AS key
          FROM purchase p LEFT JOIN sent ON sent.order_id = p.id""",
    "country": "SELECT id AS order_id, country AS key FROM purchase",
    "segment": """
        SELECT DISTINCT p.id AS order_id, coalesce(word, '') AS key
          FROM purchase p LEFT JOIN LATERAL unnest(p.segments) AS word ON true""",
    "campaign": "SELECT id AS order_id, coalesce(brought::text, '') AS key FROM purchase",
    "currency": "SELECT id AS order_id, currency AS key FROM purchase",
    "day": "SELECT id AS order_id, local_day AS key FROM purchase",
    "week": """
        SELECT id AS order_id, to_char(date_trunc('week', local_day::date), 'YYYY-MM-DD') AS key
          FROM purchase""",
}

# numerator and denominator of one order `p`
ORDER_NUMBERS = {
    "orders": ("1", None),
    "claim_rate": (
        """(SELECT count(DISTINCT c.order_id) FROM claims_claim c
             WHERE c.order_id = p.id AND c.deleted_at IS NULL AND NOT c.is_test)""",
        "1",
    ),
    "revenue": ("coalesce(p.total_order_price, 0)", None),
    "revenue_per_order": (
        "coalesce(p.total_order_price, 0)",
        "CASE WHEN p.brought IS NULL THEN 1 ELSE 0 END",
    ),
    "repeat_purchases": ("CASE WHEN p.brought IS NULL THEN 0 ELSE 1 END", None),
    "delivery_success_rate": (
        """CASE WHEN NOT EXISTS (SELECT FROM sent WHERE sent.order_id = p.id
                                    AND outcome <> 'arrived')
                 AND EXISTS (SELECT FROM sent WHERE sent.order_id = p.id) THEN 1 ELSE 0 END""",
        """CASE WHEN NOT EXISTS (SELECT FROM sent WHERE sent.order_id = p.id
                                    AND outcome = 'underway')
                 AND EXISTS (SELECT FROM sent WHERE sent.order_id = p.id) THEN 1 ELSE 0 END""",
    ),
    "page_open_rate": (
        """CASE WHEN EXISTS (SELECT FROM engagement_pageaction a WHERE a.order_id = p.id
                                AND a.kind IN ('opened', 'clicked')) THEN 1 ELSE 0 END""",
        "1",
    ),
    "page_engagement_rate": (
        """CASE WHEN EXISTS (SELECT FROM engagement_pageaction a WHERE a.order_id = p.id
                                AND a.kind = 'clicked') THEN 1 ELSE 0 END""",
        """CASE WHEN EXISTS (SELECT FROM engagement_pageaction a WHERE a.order_id = p.id
                                AND a.kind IN ('opened', 'clicked')) THEN 1 ELSE 0 END""",
    ),
}

PARCEL_KEYS = {
    "": "''",
    "carrier": "sent.carrier_reference",
    "country": "p.country",
    "segment": "word.key",
    "campaign": "coalesce(p.brought::text, '')",
    "currency": "p.currency",
    "phase": "sent.phase",
    "flag": "sent.flag",
    "day": "p.local_day",
    "week": "to_char(date_trunc('week', p.local_day::date), 'YYYY-MM-DD')",
}

TIMED = "sent.outcome = 'arrived' AND sent.delivered_at >= sent.tracking_placed_at"
TOLD = (
    "sent.outcome = 'arrived' AND sent.delivered_at IS NOT NULL AND sent.promised_end IS NOT NULL"
)
EXPECTED = """sent.outcome = 'arrived' AND sent.delivered_at IS NOT NULL
    AND sent.arrival_end IS NOT NULL AND sent.arrival_source IN ('carrier', 'history')"""

# aggregates over parcels `sent` of orders `p`
PARCEL_NUMBERS = {
    "shipments": ("count(*)", "NULL"),
    "average_delivery_time": (
        f"""sum(extract(epoch FROM sent.delivered_at - sent.tracking_placed_at) / 86400)
            FILTER (WHERE {TIMED})""",
        f"count(*) FILTER (WHERE {TIMED})",
    ),
    "on_time_rate": (
        f"count(*) FILTER (WHERE {TOLD} AND NOT sent.delivered_at > sent.promised_end)",
        f"count(*) FILTER (WHERE {TOLD})",
    ),
    "on_time_by_current_window": (
        f"count(*) FILTER (WHERE {EXPECTED} AND NOT sent.delivered_at > sent.arrival_end)",
        f"count(*) FILTER (WHERE {EXPECTED})",
    ),
    "first_attempt_rate": (
        "count(*) FILTER (WHERE sent.outcome = 'arrived' AND NOT in_vain)",
        "count(*) FILTER (WHERE sent.outcome = 'arrived' OR in_vain)",
    ),
    "customer_satisfaction": (
        "count(*) FILTER (WHERE rating.score IN (4, 5))",
        "count(rating.score)",
    ),
    "carrier_scorecard": ("count(*)", "NULL"),
}

CLAIM_KEYS = {
    "": "''",
    "carrier": "coalesce(s.carrier_reference, '')",
    "country": "p.country",
    "segment": "word.key",
    "campaign": "coalesce(p.brought::text, '')",
    "currency": "p.currency",
    "phase": "c.phase_when_filed",
    "reason": "c.reason",
    "flow": "c.flow",
    "product": "product.key",
    "day": "p.local_day",
    "week": "to_char(date_trunc('week', p.local_day::date), 'YYYY-MM-DD')",
}

WORDS = """
    CROSS JOIN LATERAL (
      SELECT DISTINCT key FROM unnest(CASE WHEN p.segments = '{}' THEN '{""}' ELSE p.segments END)
        AS key) AS word
"""
PRODUCTS = """
    CROSS JOIN LATERAL (
      SELECT DISTINCT coalesce(CASE WHEN item->>'sku' = '' THEN NULL ELSE item->>'sku' END,
                               item->>'title', '') AS key
        FROM jsonb_array_elements(c.selected_items) AS item
       UNION SELECT '' WHERE c.selected_items = '[]') AS product
"""


def recount(
    shop: Shop, number: str, first: date, last: date, key: str = "", where: str = "true"
) -> Found:
    """(key, currency) → (numerator, denominator); `where` is of the order `p`."""
    found: Found = {}
    for group, currency, numerator, denominator in _rows(shop, number, first, last, key, where):
        found[group, currency] = (numerator or 0, denominator)
    return found


def summed(found: Found, *, currency: str | None = None) -> dict[str, tuple[Any, Any]]:
    """By key; of one currency, or of all."""
    sums: dict[str, list[Any]] = defaultdict(lambda: [Decimal(0), 0])
    for (group, of), (numerator, denominator) in found.items():
        if currency in (None, of):
            sums[group][0] += numerator
            sums[group][1] += denominator or 0
    return {group: (numerator, denominator) for group, (numerator, denominator) in sums.items()}


def _rows(shop, number, first, last, key, where) -> list[tuple[Any, ...]]:
    if number in ORDER_NUMBERS:
        numerator, denominator = ORDER_NUMBERS[number]
        sql = f"""
            WITH {PARCELS}, {ORDERS}, keyed AS ({ORDER_KEYS[key]}),
            counted AS (
              SELECT p.id, p.currency, {numerator} AS numerator, {denominator or "NULL"}::int
                       AS denominator
                FROM purchase p WHERE {where}
            )
            SELECT keyed.key, counted.currency, sum(numerator), sum(denominator)
              FROM counted JOIN keyed ON keyed.order_id = counted.id GROUP BY 1, 2
        """
    elif number in PARCEL_NUMBERS:
        numerator, denominator = PARCEL_NUMBERS[number]
        sql = f"""
            WITH {PARCELS}, {ORDERS}
            SELECT {PARCEL_KEYS[key]}, p.currency, {numerator}, {denominator}
              FROM purchase p JOIN sent ON sent.order_id = p.id
              LEFT JOIN engagement_rating rating
                ON rating.shipment_id = sent.id AND rating.order_id = p.id
              {WORDS if key == "segment" else ""}
             WHERE {where} GROUP BY 1, 2
        """
    else:
        sql = f"""
            WITH {ORDERS}
            SELECT {CLAIM_KEYS[key]}, p.currency, count(*), NULL
              FROM purchase p JOIN claims_claim c ON c.order_id = p.id
              LEFT JOIN shipments_shipment s
                ON s.id = c.shipment_id AND s.tracking_number IS NOT NULL
              {WORDS if key == "segment" else ""} {PRODUCTS if key == "product" else ""}
             WHERE c.deleted_at IS NULL AND NOT c.is_test AND {where} GROUP BY 1, 2
        """
    return _fetch(shop, sql, first, last)


def percentiles(shop: Shop, first: date, last: date) -> dict[str, Any]:
    """Of delivery times: in hours rounded up, and in business days that are counted one by one."""
    sql = f"""
        WITH {PARCELS}, {ORDERS}, open_day AS (
          SELECT day::date
            FROM generate_series(date '2025-01-01', date '2027-12-31', '1 day') AS day
           WHERE extract(isodow FROM day) < 6 AND NOT day::date = ANY(%(holidays)s::date[])
        ), taken AS (
          SELECT ceil(extract(epoch FROM sent.delivered_at - sent.tracking_placed_at) / 3600)
                   AS hours,
                 (SELECT count(*) FROM open_day
                   WHERE day > (sent.tracking_placed_at AT TIME ZONE %(zone)s)::date
                     AND day <= (sent.delivered_at AT TIME ZONE %(zone)s)::date) AS business
            FROM purchase p JOIN sent ON sent.order_id = p.id WHERE {TIMED}
        )
        SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY hours) / 24.0,
               percentile_disc(0.9) WITHIN GROUP (ORDER BY hours) / 24.0,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY business),
               percentile_disc(0.9) WITHIN GROUP (ORDER BY business),
               sum(business), count(*) FILTER (WHERE business > 3)
          FROM taken
    """
    [row] = _fetch(shop, sql, first, last)
    names = ("median", "p90", "business_median", "business_p90", "business_sum", "over_target")
    return dict(zip(names, row, strict=True))


COUNTRIES = {
    "Europe/Berlin": "DE",
    "America/New_York": "US",
    "America/Havana": "CU",
    "Australia/Lord_Howe": "AU",
    "Asia/Kathmandu": "NP",
    "Pacific/Chatham": "NZ",
}


def _fetch(shop: Shop, sql: str, first: date, last: date) -> list[tuple[Any, ...]]:
    try:
        days = country_holidays(COUNTRIES[shop.timezone], years=range(2025, 2028))
    except NotImplementedError:
        days = {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "shop": shop.id,
                "zone": shop.timezone,
                "first": first.isoformat(),
                "last": last.isoformat(),
                "in_vain": IN_VAIN,
                "holidays": sorted(days),
            },
        )
        return cursor.fetchall()
