"""Parcels as what is counted: how far they are, how long they took, whether they kept a promise."""

from analytics.business_days import number_of
from analytics.questions import Dimension
from analytics.subjects.outcomes import DELIVERED, FAILED, OUTBOUND, TRIED_IN_VAIN
from analytics.subjects.subject import Subject

MICROSECONDS_PER_DAY = 24 * 3600 * 1_000_000


def _day(moment: str) -> str:
    return f"({moment} AT TIME ZONE %(timezone)s)::date"


def _microseconds(start: str, end: str) -> str:
    return f"(extract(epoch FROM {end} - {start}) * 1000000)::bigint"


def _business_days(start: str, end: str) -> str:
    return f"({number_of(_day(end))} - {number_of(_day(start))})"


UNITS = f"""
    SELECT parcel.*,
           CASE WHEN is_timed THEN {_microseconds("tracking_placed_at", "delivered_at")} END
             AS took,
           CASE WHEN is_timed THEN {_business_days("tracking_placed_at", "delivered_at")} END
             AS took_business_days,
           CASE WHEN is_timed_from_order
                THEN {_microseconds("order_placed_at", "delivered_at")} END AS order_took,
           CASE WHEN is_timed_from_order
                THEN {_business_days("order_placed_at", "delivered_at")} END
             AS order_took_business_days
      FROM (
        SELECT parcel.*,
               coalesce(is_delivered AND delivered_at >= tracking_placed_at, false) AS is_timed,
               coalesce(is_delivered AND delivered_at >= order_placed_at, false)
                 AS is_timed_from_order
          FROM (
            SELECT c.*, s.id AS unit_id, s.tracking_number, s.carrier_reference::text AS carrier,
                   s.phase::text AS phase, s.flag::text AS flag,
                   s.tracking_placed_at, s.delivered_at, s.promised_end,
                   CASE WHEN s.arrival_source IN ('carrier', 'history') THEN s.arrival_end END
                     AS expected_end,
                   {DELIVERED} AS is_delivered, {FAILED} AS is_failed,
                   {TRIED_IN_VAIN} AS is_tried_in_vain, r.score,
                   EXISTS (
                     SELECT FROM claims_claim AS claim
                      WHERE claim.shop_id = s.shop_id AND claim.shop_id = %(shop)s
                        AND claim.shipment_id = s.id AND claim.order_id = s.order_id
                        AND claim.deleted_at IS NULL AND NOT claim.is_test
                   ) AS is_claimed
              FROM cohort AS c
             CROSS JOIN LATERAL (
                     SELECT * FROM shipments_shipment AS s
                      WHERE s.shop_id = c.shop_id AND s.shop_id = %(shop)s
                        AND s.order_id = c.order_id AND NOT s.is_test AND {OUTBOUND}
                      OFFSET 0
                   ) AS s
              LEFT JOIN engagement_rating AS r
                ON r.shop_id = s.shop_id AND r.shop_id = %(shop)s AND r.shipment_id = s.id
               AND r.order_id = s.order_id
             WHERE NOT c.is_cancelled
            OFFSET 0
          ) AS parcel
      ) AS parcel
"""
"""With an offset, PostgreSQL looks for scans and claims once for each parcel, and not at all where
nothing asks for them; else once for each cell that mentions them."""

PROMISED = "is_delivered AND promised_end IS NOT NULL AND delivered_at IS NOT NULL"
EXPECTED = "is_delivered AND expected_end IS NOT NULL AND delivered_at IS NOT NULL"

PARCELS = Subject(
    name="parcels",
    units=UNITS,
    counts={
        "parcels": "true",
        "delivered": "is_delivered",
        "failed": "is_failed",
        "on_their_way": "NOT is_delivered AND NOT is_failed",
        "timed": "is_timed",
        "mistimed": "is_delivered AND NOT is_timed",
        "order_timed": "is_timed_from_order",
        "promised": PROMISED,
        "on_time": f"{PROMISED} AND delivered_at <= promised_end",
        "unpromised": f"is_delivered AND NOT ({PROMISED})",
        "expected": EXPECTED,
        "as_expected": f"{EXPECTED} AND delivered_at <= expected_end",
        "unexpected": f"is_delivered AND NOT ({EXPECTED})",
        "tried": "is_delivered OR is_tried_in_vain",
        "first_attempt": "is_delivered AND NOT is_tried_in_vain",
        "untried": "NOT is_delivered AND NOT is_tried_in_vain",
        "rated": "score IS NOT NULL",
        "unrated": "score IS NULL",
        "rated_1": "score = 1",
        "rated_2": "score = 2",
        "rated_3": "score = 3",
        "rated_4": "score = 4",
        "rated_5": "score = 5",
        "claimed": "is_claimed",
    },
    totals={
        "took": "took",
        "took_business_days": "took_business_days",
        "order_took": "order_took",
        "order_took_business_days": "order_took_business_days",
    },
    keys={
        Dimension.CARRIER: "carrier",
        Dimension.COUNTRY: "country",
        Dimension.SEGMENT: "segments::text[]",
        Dimension.CAMPAIGN: "campaign",
        Dimension.CURRENCY: "currency::text",
        Dimension.PHASE: "phase",
        Dimension.FLAG: "flag",
        Dimension.SCORE: "coalesce(score::text, '')",
    },
    several=frozenset({Dimension.SEGMENT}),
    rollups=(
        (),
        (Dimension.CARRIER,),
        (Dimension.COUNTRY,),
        (Dimension.SEGMENT,),
        (Dimension.CAMPAIGN,),
        (Dimension.CARRIER, Dimension.COUNTRY),
        (Dimension.PHASE, Dimension.FLAG),
    ),
    durations={
        "hours": "ceil(took / 3600000000.0)::int",
        "business_days": "took_business_days",
        "order_hours": "ceil(order_took / 3600000000.0)::int",
        "order_business_days": "order_took_business_days",
    },
    columns={
        "shipment_id": "unit_id",
        "tracking_number": "tracking_number",
        "carrier_reference": "carrier",
        "phase": "phase",
        "flag": "flag",
        "tracking_placed_at": "tracking_placed_at",
        "delivered_at": "delivered_at",
        "promised_end": "promised_end",
        "delivery_days": f"round(took / {MICROSECONDS_PER_DAY}.0, 4)",
        "delivery_business_days": "took_business_days",
        "score": "score",
    },
)
