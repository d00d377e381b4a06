"""Claims as what is counted; those that were deleted, or are of test parcels, are not."""

from analytics.questions import Dimension
from analytics.subjects.subject import Subject

UNITS = """
    SELECT c.*, claim.id AS unit_id, claim.shipment_id, claim.reason::text AS reason,
           claim.flow::text AS flow, claim.status::text AS status,
           claim.phase_when_filed::text AS phase,
           coalesce(s.carrier_reference::text, '') AS carrier,
           s.tracking_number,
           ARRAY(
             SELECT DISTINCT coalesce(nullif(item->>'sku', ''), item->>'title', '')
               FROM jsonb_array_elements(
                      CASE WHEN jsonb_typeof(claim.selected_items) = 'array'
                           THEN claim.selected_items ELSE '[]' END
                    ) AS item
           ) AS products
      FROM cohort AS c
      JOIN claims_claim AS claim
        ON claim.shop_id = c.shop_id AND claim.shop_id = %(shop)s AND claim.order_id = c.order_id
      LEFT JOIN shipments_shipment AS s
        ON s.shop_id = claim.shop_id AND s.shop_id = %(shop)s AND s.id = claim.shipment_id
       AND s.order_id = claim.order_id AND s.tracking_number IS NOT NULL
     WHERE NOT c.is_cancelled AND claim.deleted_at IS NULL AND NOT claim.is_test
"""

CLAIMS = Subject(
    name="claims",
    units=UNITS,
    counts={
        "claims": "true",
        "pending": "status = 'pending'",
        "accepted": "status = 'accepted'",
        "rejected": "status = 'rejected'",
        "closed": "status = 'closed'",
    },
    keys={
        Dimension.CARRIER: "carrier",
        Dimension.COUNTRY: "country",
        Dimension.SEGMENT: "segments::text[]",
        Dimension.CAMPAIGN: "campaign",
        Dimension.CURRENCY: "currency::text",
        Dimension.PHASE: "phase",
        Dimension.REASON: "reason",
        Dimension.FLOW: "flow",
        Dimension.PRODUCT: "products",
    },
    several=frozenset({Dimension.SEGMENT, Dimension.PRODUCT}),
    rollups=(
        (),
        (Dimension.CARRIER,),
        (Dimension.COUNTRY,),
        (Dimension.SEGMENT,),
        (Dimension.CAMPAIGN,),
        (Dimension.PHASE,),
        (Dimension.REASON,),
        (Dimension.FLOW,),
        (Dimension.PRODUCT,),
    ),
    columns={
        "claim_id": "unit_id",
        "shipment_id": "shipment_id",
        "tracking_number": "tracking_number",
        "carrier_reference": "carrier",
        "reason": "reason",
        "flow": "flow",
        "status": "status",
        "products": "products",
        "phase_when_filed": "phase",
    },
)
