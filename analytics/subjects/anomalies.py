"""Parcels that need a look now, as what is counted. They change with the clock: no rollup has them.

What is too long is said by `shipments.models` in business days of the shop's country.
"""

from analytics.questions import Dimension
from analytics.subjects.subject import Subject
from shipments.phases import ON_THEIR_WAY

_ON_THEIR_WAY = ", ".join(f"'{phase}'" for phase in sorted(phase.value for phase in ON_THEIR_WAY))
_HEARD_OF_AT = "coalesce(s.last_scan_at, s.tracking_placed_at)"

UNITS = f"""
    SELECT * FROM (
      SELECT c.*, s.id AS unit_id, s.tracking_number, s.carrier_reference::text AS carrier,
             s.phase::text AS phase, s.flag::text AS flag, s.tracking_placed_at, s.last_scan_at,
             s.arrival_end,
             array_remove(ARRAY[
               CASE WHEN s.last_scan_at IS NULL AND {_HEARD_OF_AT} < %(unscanned_before)s
                    THEN 'never_scanned' END,
               CASE WHEN s.last_scan_at IS NOT NULL AND {_HEARD_OF_AT} < %(stalled_before)s
                    THEN 'no_movement' END,
               CASE WHEN s.arrival_end < %(now)s AND s.arrival_source IN ('carrier', 'history')
                    THEN 'past_eta' END
             ], NULL) AS kinds
        FROM shipments_shipment AS s
        JOIN cohort AS c ON c.shop_id = s.shop_id AND c.order_id = s.order_id
       WHERE s.shop_id = %(shop)s AND s.phase IN ({_ON_THEIR_WAY}) AND NOT s.is_test
         AND NOT c.is_cancelled
    ) AS parcel
    WHERE cardinality(kinds) > 0
"""

ANOMALIES = Subject(
    name="anomalies",
    units=UNITS,
    counts={
        "anomalies": "true",
        "never_scanned": "'never_scanned' = ANY(kinds)",
        "no_movement": "'no_movement' = ANY(kinds)",
        "past_eta": "'past_eta' = ANY(kinds)",
    },
    keys={
        Dimension.CARRIER: "carrier",
        Dimension.COUNTRY: "country",
        Dimension.SEGMENT: "segments::text[]",
        Dimension.CAMPAIGN: "campaign",
        Dimension.CURRENCY: "currency::text",
        Dimension.PHASE: "phase",
        Dimension.KIND: "kinds",
    },
    several=frozenset({Dimension.SEGMENT, Dimension.KIND}),
    columns={
        "shipment_id": "unit_id",
        "tracking_number": "tracking_number",
        "carrier_reference": "carrier",
        "phase": "phase",
        "kinds": "kinds",
        "tracking_placed_at": "tracking_placed_at",
        "last_scan_at": "last_scan_at",
        "arrival_end": "arrival_end",
    },
)
