"""The groups of events that people can be told of, and what each is about."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notices.models import Audience
from shipments.catalogue.meanings import MEANINGS, NAMES


class About(StrEnum):
    ORDER = "order"
    SHIPMENT = "shipment"
    CLAIM = "claim"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeGroup:
    name: str
    label: Promise
    about: About
    is_for_customers: bool = True
    """Nobody but staff hears of what only the shop itself can do something about."""

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return tuple(Audience) if self.is_for_customers else (Audience.STAFF,)


def _of(about: About, *, staff_only: tuple[str, ...] = (), **labels: Promise) -> list[NoticeGroup]:
    return [
        NoticeGroup(name=name, label=label, about=about, is_for_customers=name not in staff_only)
        for name, label in labels.items()
    ]


NOTICE_GROUPS: Mapping[str, NoticeGroup] = {
    group.name: group
    for group in (
        *_of(
            About.ORDER,
            staff_only=("order_updated",),
            order_placed=_("Order placed"),
            order_updated=_("Order changed"),
            order_fulfilled=_("All parcels sent"),
            order_cancelled=_("Order cancelled"),
        ),
        *_of(
            About.SHIPMENT,
            staff_only=("shipment_internal_trigger", "shipment_carrier_changed"),
            shipment_pre_transit=_("Announced to the carrier"),
            shipment_order_cancelled=_("Cancelled before it was sent"),
            shipment_in_transit=_("On its way"),
            shipment_carrier_changed=_("Another carrier"),
            shipment_carrier_delay=_("Delayed"),
            shipment_delayed_due_to_customer_request=_("Later, as the customer asked"),
            shipment_damaged=_("Damaged"),
            shipment_out_for_delivery=_("Out for delivery"),
            shipment_delivery_second_attempt=_("Second attempt"),
            shipment_delivery_failed=_("Delivery failed"),
            shipment_delivery_failed_address_issue=_("Wrong address"),
            shipment_delivery_failed_forwarded_to_parcel_shop=_("Taken to a parcel shop"),
            shipment_delivered_to_parcel_shop=_("Ready at a parcel shop"),
            shipment_delivered_to_parcel_locker=_("Ready in a parcel locker"),
            shipment_delivered=_("Delivered"),
            shipment_delivered_to_neighbour=_("Delivered to a neighbour"),
            shipment_delivered_to_letterbox=_("Delivered to the letterbox"),
            shipment_picked_up=_("Collected"),
            shipment_delivered_all_events=_("Arrived, in whatever way"),
            shipment_failed_returned=_("Undeliverable, coming back"),
            shipment_refused_then_returned=_("Refused, coming back"),
            shipment_not_picked_up_then_returned=_("Not collected, coming back"),
            shipment_internal_trigger=_("Something the platform noticed"),
            return_shipment_created=_("Return announced"),
            return_shipment_in_transit=_("Return on its way"),
            return_shipment_delayed=_("Return delayed"),
            return_shipment_received=_("Return received"),
            return_shipment_failed=_("Return failed"),
        ),
        *_of(
            About.CLAIM,
            claim_created=_("Claim filed"),
            claim_updated=_("Claim decided or changed"),
        ),
    )
}


def groups_of(ref: str, event_group: str) -> tuple[str, ...]:
    """The groups by which an event can be told, its own before more general ones.

    A name of the shop's own, which the catalogue does not have, is told to nobody.
    """
    name = ref.rpartition("/")[2]
    if not ref.startswith("shipments/"):
        return (event_group,)
    return (event_group, *sorted(_ALSO[event_group, name])) if name in _NAMES else ()


def _read() -> defaultdict[tuple[str, str], set[str]]:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for meaning in MEANINGS.values():
        found[meaning.group, meaning.name] |= set(meaning.also_groups)
    return found


_ALSO = _read()
_NAMES = frozenset(NAMES)
