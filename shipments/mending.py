"""What staff have worked out anew where a row says something else than it follows from.

Each holds the order's lock, and answers whether that was something else.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Conflict
from events.services import record
from orders.facts import order_fact
from orders.models import Order
from orders.states import OrderState
from shipments.arrival.expect import expect_arrivals
from shipments.carrier_choice import choose_by_match, destination_of, is_said
from shipments.facts import CARRIER_CHANGED, shipment_fact
from shipments.models import Scan, Shipment
from shipments.parcels import save_parcels
from shipments.phases import Phase
from shipments.scans.told import tell_from_scans
from shipments.services import fulfilment_facts, lock_with_parcels


class CarrierIsSaid(Conflict):
    key = "carrier_is_said"


class NothingToTellFrom(Conflict):
    key = "shipment_is_draft"


@transaction.atomic
def recompute_state(order: Order) -> bool:
    """The order's state from its shipments, with as many drafts as are missing.

    Raises OrderCancelled: a cancelled order stays so.
    """
    order, parcels = lock_with_parcels(order)
    previous = OrderState(order.state)
    parcels.expect(order.expected_number_of_shipments)
    order.state = parcels.state(expected=order.expected_number_of_shipments)
    if order.state == previous and not parcels.has_changed:
        return False
    order.updated_at = parcels.now
    order.last_upsert_digest = ""
    order.save(update_fields=["state", "updated_at", "last_upsert_digest"])
    save_parcels(order.shop, [parcels])
    facts = fulfilment_facts(order, parcels, previous=previous, at=parcels.now)
    record(order.shop, [order_fact(order, "updated", changed=["state"]), *facts])
    return True


@transaction.atomic
def recompute_phase(shipment: Shipment) -> bool:
    """From the scans that are kept of it. Raises NothingToTellFrom for a draft, OrderCancelled."""
    order, parcels = lock_with_parcels(shipment.order)
    shipment = parcels.one(shipment.id)
    if shipment.is_draft:
        raise NothingToTellFrom(_("It has no tracking number, and so no scans."))
    scans = Scan.objects.of(order.shop).filter(shipment_id=shipment.id)
    if not tell_from_scans(shipment, scans):
        return False
    parcels.note_change(shipment)
    save_parcels(order.shop, [parcels])
    record(order.shop, [order_fact(order, "updated", changed=["shipments"])])
    return True


@transaction.atomic
def rematch_carrier(shipment: Shipment) -> bool:
    """By the rules of today. Raises CarrierIsSaid where a person or the shop named it."""
    order, parcels = lock_with_parcels(shipment.order)
    shipment = parcels.one(shipment.id)
    if shipment.is_draft:
        raise NothingToTellFrom(_("It has no tracking number, and so no carrier."))
    if shipment.is_carrier_corrected or is_said(shipment):
        raise CarrierIsSaid(_("Its carrier was named, not matched: it stays."))
    before = shipment.carrier_reference
    if not choose_by_match(shipment, country_code=destination_of(order.address)):
        return False
    if shipment.phase == Phase.ORDER_PROCESSED:
        expect_arrivals(order.shop, [shipment], order.address)
    parcels.note_change(shipment)
    save_parcels(order.shop, [parcels])
    facts = [order_fact(order, "updated", changed=["trackings"])]
    if shipment.carrier_reference != before:
        facts.append(shipment_fact(shipment, CARRIER_CHANGED, at=parcels.now))
    record(order.shop, facts)
    return True
