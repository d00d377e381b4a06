"""What became of a parcel, in SQL over `shipments_shipment AS s` (docs/analytics.md).

A parcel that a customer sent back was delivered before; one that only ever was on its way back is
a return of its own, and no delivery.
"""

from shipments.catalogue.meanings import MEANINGS
from shipments.phases import RETURN_PHASES, Direction

FAILED_ATTEMPT_GROUPS = {
    "shipment_delivery_failed",
    "shipment_delivery_failed_forwarded_to_parcel_shop",
    "shipment_delivery_second_attempt",
}
NEVER_TRIED = {"LOST", "STOLEN"}
"""Of these groups, but of no attempt at the door."""
FAILED_ATTEMPTS = tuple(
    sorted(
        name
        for (name, direction), meaning in MEANINGS.items()
        if direction == Direction.MERCHANT_CUSTOMER
        and meaning.group in FAILED_ATTEMPT_GROUPS
        and name not in NEVER_TRIED
    )
)
"""Names of events that say that a carrier has tried in vain."""
ATTEMPT_PHASES = ("delivery_failed", "in_delivery")
"""Of scans of attempts; the triggers that mark look at no others. On the way back nobody tries."""


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_RETURNS = _listed(tuple(sorted(RETURN_PHASES)))

OUTBOUND = (
    f"s.tracking_number IS NOT NULL AND NOT (s.phase IN ({_RETURNS}) AND s.delivered_at IS NULL)"
)
DELIVERED = f"(s.phase = 'delivered' OR (s.phase IN ({_RETURNS}) AND s.delivered_at IS NOT NULL))"
FAILED = "(s.phase = 'returned' OR (s.phase = 'delivery_failed' AND s.flag = 'error'))"
"""For good: as long as no later scan says otherwise."""
TRIED_IN_VAIN = f"""
    EXISTS (
      SELECT FROM shipments_scan AS scan
       WHERE scan.shop_id = s.shop_id AND scan.shop_id = %(shop)s AND scan.shipment_id = s.id
         AND scan.phase IN ({_listed(ATTEMPT_PHASES)})
         AND scan.event_name IN ({_listed(FAILED_ATTEMPTS)})
    )
"""
