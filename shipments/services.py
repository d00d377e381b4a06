"""Changes of an order's shipments by people; each locks the order, decides, saves and tells.

What shops send goes through `intake`, by the same rules (`shipments.parcels`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.services import Fact, record
from orders.errors import OrderCancelled
from orders.facts import order_fact
from orders.inputs import AddressInput, ProductInput
from orders.lookup import lock_order
from orders.models import Order
from orders.rows import address_as_stored
from orders.states import OrderState
from shipments.arrival.expect import expect_arrivals
from shipments.facts import ATTACHED, CARRIER_CHANGED, DETACHED, shipment_fact
from shipments.inputs import TrackingInput
from shipments.models import Shipment
from shipments.parcels import Parcels, load_parcels, save_parcels
from shipments.phases import Phase


@transaction.atomic
def amend_order(
    order: Order, *, address: AddressInput | None = None, expected: int | None = None
) -> Order:
    """Replace the address, or expect another number of shipments (1–100); None leaves it.

    Drafts are added or removed to fit, fulfilled shipments stay.
    """
    order, parcels = lock_with_parcels(order)
    changed = []
    if address is not None and order.address != (stored := address_as_stored(address)):
        order.address = stored
        order.erased_at = None
        changed.append("address")
    if expected is not None and expected != order.expected_number_of_shipments:
        order.expected_number_of_shipments = expected
        parcels.expect(expected)
        changed.append("expected_number_of_shipments")
    if changed:
        _save(order, parcels, changed=changed)
    return order


@transaction.atomic
def amend_shipment(
    shipment: Shipment,
    *,
    tracking_url: str | None = None,
    products: Sequence[ProductInput] | None = None,
) -> Shipment:
    """Set the link, or replace the whole list of products (`[]` empties it)."""
    order, parcels = lock_with_parcels(shipment.order, with_lines=True)
    shipment = parcels.one(shipment.id)
    parcels.amend(shipment, tracking_url=tracking_url, products=products)
    if parcels.has_changed:
        _save(order, parcels, changed=["shipments"])
    return shipment


@transaction.atomic
def split_shipment(
    shipment: Shipment, *, kept: Sequence[ProductInput], moved: Sequence[ProductInput]
) -> Shipment:
    """The shipment holds what is kept; a further one, which is then expected, what is moved."""
    order, parcels = lock_with_parcels(shipment.order)
    shipment = parcels.one(shipment.id)
    order.expected_number_of_shipments = len(parcels.shipments) + 1
    parcels.expect(order.expected_number_of_shipments)
    [further] = parcels.added.values()
    parcels.replace_lines(shipment, kept)
    parcels.replace_lines(further, moved)
    split = {
        "shipment_id": shipment.id,
        "tracking_number": shipment.tracking_number,
        "further_shipment_id": further.id,
        "quantity": sum(product.quantity or 0 for product in moved),
    }
    changed = ["expected_number_of_shipments", "shipments"]
    _save(order, parcels, changed=changed, split=split)
    return further


@transaction.atomic
def follow_order_lines(shipment: Shipment) -> Shipment:
    """Let the parcel hold its order's lines again; its own ones are deleted."""
    order, parcels = lock_with_parcels(shipment.order)
    shipment = parcels.one(shipment.id)
    if shipment.has_own_lines:
        parcels.follow_order_lines(shipment)
        _save(order, parcels, changed=["shipments"])
    return shipment


@transaction.atomic
def attach_tracking(order: Order, tracking: TrackingInput) -> Shipment:
    """Fulfil a draft by hand, as an upsert with this tracking would."""
    order, parcels = lock_with_parcels(order)
    parcels.attach(tracking)
    expect_arrivals(order.shop, parcels.fulfilled_now, order.address)
    if parcels.has_changed:
        _save(order, parcels, changed=["trackings"])
    return next(s for s in parcels.fulfilled() if tracking.is_of(s.tracking_number))


@transaction.atomic
def detach_tracking(shipment: Shipment) -> None:
    """Take a wrong tracking off; its shipment is a draft again, or gone where none is expected."""
    order, parcels = lock_with_parcels(shipment.order)
    shipment = parcels.one(shipment.id)
    if shipment.is_draft:
        return
    detached = shipment_fact(shipment, DETACHED, at=parcels.now)
    parcels.detach(shipment)
    parcels.expect(order.expected_number_of_shipments)
    _save(order, parcels, changed=["trackings"], facts=[detached])


@transaction.atomic
def correct_carrier(shipment: Shipment, carrier_reference: str) -> Shipment:
    """Say by hand which carrier it is; what shops send later does not undo it."""
    order, parcels = lock_with_parcels(shipment.order)
    shipment = parcels.one(shipment.id)
    is_another = carrier_reference != shipment.carrier_reference
    if is_another or not shipment.is_carrier_corrected:
        parcels.correct_carrier(shipment, carrier_reference)
        if shipment.phase == Phase.ORDER_PROCESSED:
            expect_arrivals(order.shop, [shipment], order.address)
        changed = shipment_fact(shipment, CARRIER_CHANGED, at=parcels.now)
        _save(order, parcels, changed=["trackings"], facts=[changed] if is_another else [])
    return shipment


def fulfilment_facts(
    order: Order, parcels: Parcels, *, previous: OrderState | None, at: datetime
) -> list[Fact]:
    """A fact for each tracking attached, and one when the order became fulfilled by them."""
    facts = [shipment_fact(shipment, ATTACHED, at=at) for shipment in parcels.fulfilled_now]
    if order.state == OrderState.FULFILLED != previous:
        facts.append(order_fact(order, "fulfilled"))
    return facts


def lock_with_parcels(order: Order, *, with_lines: bool = False) -> tuple[Order, Parcels]:
    """Raises OrderCancelled: a cancelled order takes no more changes."""
    order = lock_order(order.shop, order.id)
    if order.is_cancelled:
        raise OrderCancelled(_("Order %s is cancelled.") % order.order_number)
    parcels = load_parcels(order.shop, [order], now=timezone.now(), with_lines=with_lines)
    return order, parcels[order.id]


def _save(
    order: Order,
    parcels: Parcels,
    *,
    changed: Sequence[str],
    facts: Sequence[Fact] = (),
    **more: dict[str, Any],
) -> None:
    previous = OrderState(order.state)
    order.state = parcels.state(expected=order.expected_number_of_shipments)
    order.updated_at = parcels.now
    order.last_upsert_digest = ""
    order.save(
        update_fields=[
            "state",
            "address",
            "erased_at",
            "expected_number_of_shipments",
            "updated_at",
            "last_upsert_digest",
        ]
    )
    save_parcels(order.shop, [parcels])
    record(
        order.shop,
        [
            order_fact(order, "updated", changed=changed, **more),
            *facts,
            *fulfilment_facts(order, parcels, previous=previous, at=parcels.now),
        ],
    )
