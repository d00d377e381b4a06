"""What the event log says of an order (the contract's section 5, **orders/…**)."""

from collections.abc import Sequence
from typing import Any

from events.models import Source
from events.services import Fact
from orders.models import Order

GROUPS = {
    "placed": "order_placed",
    "updated": "order_updated",
    "fulfilled": "order_fulfilled",
    "cancelled": "order_cancelled",
}


def order_fact(
    order: Order, happened: str, *, changed: Sequence[str] = (), **more: dict[str, Any]
) -> Fact:
    """`happened` is one of GROUPS; `changed` names the fields that an update changed.

    `more` is what else this fact says.
    """
    return Fact(
        source=Source.ORDERS,
        ref=f"orders/{happened}",
        event_group=GROUPS[happened],
        event_data={
            "order_id": order.id,
            "order_number": order.order_number,
            "external_id": order.external_id,
            "event_name": happened,
            "event_group": GROUPS[happened],
            "state": order.state,
            "expected_number_of_shipments": order.expected_number_of_shipments,
            "changed": list(changed),
            **more,
        },
        order_id=order.id,
    )
