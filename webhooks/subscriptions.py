"""What a webhook is told of: `enabled_events` (the contract's section 5).

    *                                           everything
    shipments/in_delivery/DELIVERY_ATTEMPTED    a path, or how one starts, segment by segment
    shipment_delivered                          a group

An event of no known group (a shop's own name) is told to `*` only.
"""

import re
from collections.abc import Sequence

from shipments.phases import Phase

EVERYTHING = "*"
ALL_DELIVERED = "shipment_delivered_all_events"
"""Every group that ends a delivery well."""

DELIVERED_GROUPS = frozenset(
    {
        "shipment_delivered",
        "shipment_delivered_to_neighbour",
        "shipment_delivered_to_letterbox",
        "shipment_delivered_to_parcel_shop",
        "shipment_delivered_to_parcel_locker",
        "shipment_picked_up",
        ALL_DELIVERED,
    }
)

GROUPS = frozenset(
    {
        "claim_created",
        "claim_updated",
        "order_placed",
        "order_updated",
        "order_fulfilled",
        "order_cancelled",
        "shipment_pre_transit",
        "shipment_in_transit",
        "shipment_damaged",
        "shipment_carrier_delay",
        "shipment_out_for_delivery",
        "shipment_delivery_failed",
        "shipment_delivery_failed_forwarded_to_parcel_shop",
        "shipment_delivery_failed_address_issue",
        "shipment_delivery_second_attempt",
        "shipment_failed_returned",
        "shipment_refused_then_returned",
        "shipment_not_picked_up_then_returned",
        "shipment_delayed_due_to_customer_request",
        "shipment_internal_trigger",
        "shipment_carrier_changed",
        "shipment_order_cancelled",
        "return_shipment_created",
        "return_shipment_in_transit",
        "return_shipment_received",
        "return_shipment_failed",
        "return_shipment_delayed",
        *DELIVERED_GROUPS,
    }
)

_SECOND = {
    "orders": {"placed", "updated", "fulfilled", "cancelled"},
    "claims": {"created", "updated"},
    "shipments": set(Phase.values),
}
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def fault_of(wanted: str) -> str | None:
    """What is wrong with one entry: a mistyped one would never be told of anything."""
    if wanted == EVERYTHING or wanted in GROUPS:
        return None
    source, *rest = wanted.split("/")
    if source not in _SECOND:
        return (
            "is neither “*”, nor a group, nor a path that starts with orders, shipments or claims"
        )
    if rest and rest[0] not in _SECOND[source]:
        return f"there is no {source}/{rest[0]}; there are {', '.join(sorted(_SECOND[source]))}"
    if len(rest) > (2 if source == "shipments" else 1):
        return f"paths below {source} do not go that deep"
    if len(rest) == 2 and not _NAME.fullmatch(rest[1]):
        return "does not end in the name of an event"
    return None


def is_wanted(enabled_events: Sequence[str], *, ref: str, event_group: str) -> bool:
    if EVERYTHING in enabled_events:
        return True
    if event_group not in GROUPS:
        return False
    return any(
        wanted == event_group
        or ref == wanted
        or ref.startswith(f"{wanted}/")
        or (wanted == ALL_DELIVERED and event_group in DELIVERED_GROUPS)
        for wanted in enabled_events
    )
