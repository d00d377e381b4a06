"""Parcels: their phases, flags and times beside the scans that these follow from."""

from collections.abc import Sequence

from doctor.check import RowCheck
from shipments.catalogue.meanings import MEANINGS, NAMES
from shipments.mending import recompute_phase
from shipments.models import Shipment
from shipments.phases import RETURN_PHASES
from shops.models import Shop


def _follow(shop: Shop, subjects: Sequence[str]) -> int:
    """Parcels of a cancelled order take no more changes."""
    parcels = Shipment.objects.of(shop).filter(id__in=subjects, tracking_number__isnull=False)
    open_ones = parcels.exclude(order__state="cancelled").select_related("shop", "order__shop")
    return sum(recompute_phase(shipment) for shipment in open_ones)


def _scans(*, failing: bool) -> list[str]:
    """Their names with the directions that they are said in."""
    return [
        f"{meaning.name} {meaning.direction}"
        for meaning in MEANINGS.values()
        if (meaning.flag == "error") is failing
    ]


PHASES = RowCheck(
    name="phases",
    title="The phase of every parcel is what its newest scan says",
    means="The parcel is shown where it is not, and numbers count it so.",
    advice="--mend lets the parcel follow its newest scan again.",
    table="shipments_shipment",
    moment="created_at",
    values={"names": list(NAMES)},
    mend=_follow,
    statement="""
        SELECT it.id, coalesce(it.tracking_number, 'an expected parcel'),
               concat('is ', it.phase, ', last scanned ', coalesce(it.last_scan_at::text, 'never'),
                      '; its newest scan says ', coalesce(newest.phase, 'nothing'))
          FROM shipments_shipment AS it
          LEFT JOIN shipments_scan AS deciding
            ON deciding.shop_id = it.shop_id AND deciding.id = it.phase_scan_id
           AND deciding.shipment_id = it.id
          LEFT JOIN LATERAL (
            SELECT scan.event_time, CASE WHEN scan.phase = 'order_created'
                     AND it.tracking_number IS NOT NULL THEN 'order_processed'
                     ELSE scan.phase END AS phase
              FROM shipments_scan AS scan
             WHERE scan.shop_id = it.shop_id AND scan.shipment_id = it.id
               AND scan.effect = 'applied' AND scan.event_name = ANY(%(names)s)
             ORDER BY scan.event_time DESC, (scan.id = it.phase_scan_id) DESC LIMIT 1
          ) AS newest ON true
         WHERE {rows}
           AND (it.last_scan_at IS DISTINCT FROM deciding.event_time
             OR (it.phase_scan_id IS NULL) <> (deciding.id IS NULL)
             OR (newest.phase IS NOT NULL AND newest.phase <> it.phase)
             OR (newest.phase IS NULL AND it.phase NOT IN ('order_created', 'order_processed')))
    """,
)

FLAGS = RowCheck(
    name="flags",
    title="A parcel is flagged as failed if and only if its newest scan says so",
    means="The parcel is missing among those that need a look, or is there for nothing.",
    advice="--mend lets the parcel follow its newest scan again.",
    table="shipments_shipment",
    moment="created_at",
    values={"failing": _scans(failing=True), "others": _scans(failing=False)},
    mend=_follow,
    statement="""
        SELECT it.id, it.tracking_number,
               concat('is flagged ', it.flag, '; its newest scan is ', scan.event_name)
          FROM shipments_shipment AS it
          JOIN shipments_scan AS scan ON scan.shop_id = it.shop_id AND scan.id = it.phase_scan_id
         WHERE {rows}
           AND concat(scan.event_name, ' ', it.direction)
               = ANY(CASE it.flag WHEN 'error' THEN %(others)s::text[] ELSE %(failing)s END)
    """,
)

DELIVERY_TIMES = RowCheck(
    name="delivery-times",
    title="Parcels say when they were delivered, and only those that were",
    means="Delivery times and the success rate count it wrongly.",
    advice="--mend takes the time from the scan of the delivery, or takes it away.",
    table="shipments_shipment",
    moment="created_at",
    values={"back": [phase.value for phase in RETURN_PHASES]},
    mend=_follow,
    statement="""
        SELECT it.id, it.tracking_number,
               concat('is ', it.phase, ', delivered ', coalesce(it.delivered_at::text, 'never'))
          FROM shipments_shipment AS it
         WHERE {rows}
           AND ((it.phase = 'delivered' AND it.delivered_at IS NULL)
             OR (it.delivered_at IS NOT NULL AND it.phase <> 'delivered'
                 AND NOT it.phase = ANY(%(back)s)))
    """,
)

SHIPMENT_LINES = RowCheck(
    name="parcel-lines",
    title="Only parcels that were sent with products have lines of their own",
    means="What is in the parcel is shown from its order, and these lines are forgotten.",
    advice="Send the parcel's products again (PATCH of the shipment): they replace all its lines.",
    table="shipments_shipment",
    moment="created_at",
    statement="""
        SELECT it.id, coalesce(it.tracking_number, 'an expected parcel'),
               'has lines of its own though it holds all of its order'
          FROM shipments_shipment AS it
         WHERE {rows} AND NOT it.has_own_lines
           AND EXISTS (SELECT FROM shipments_shipmentline AS line
                        WHERE line.shop_id = it.shop_id AND line.shipment_id = it.id)
    """,
)
