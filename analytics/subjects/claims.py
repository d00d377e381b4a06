"""Claims as what is counted; those that were deleted are not."""

from analytics.questions import Dimension
from analytics.subjects.subject import Subject, count

UNITS = """
    SELECT c.*, claim.id AS unit_id, claim.shipment_id, claim.reason::text AS reason,
           claim.flow::text AS flow, claim.status::text AS status,
           claim.phase_when_filed::text AS phase, s.carrier_reference::text AS carrier,
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
      JOIN shipments_shipment AS s
        ON s.shop_id = claim.shop_id AND s.shop_id = %(shop)s AND s.id = claim.shipment_id
     WHERE NOT c.is_cancelled AND claim.deleted_at IS NULL
"""

CLAIMS = Subject(
    name="claims",
    units=UNITS,
    unit_id="unit_id",
    cells={
        "claims": count("true"),
        "pending": count("status = 'pending'"),
        "accepted": count("status = 'accepted'"),
        "rejected": count("status = 'rejected'"),
        "closed": count("status = 'closed'"),
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
)
