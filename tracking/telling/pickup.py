"""Where a parcel waits for its customer, or was left."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shipments.models import Shipment
from shipments.phases import Phase, PickupType

KINDS = {
    PickupType.SHOP: gettext_lazy("Parcel shop"),
    PickupType.NEIGHBOR: gettext_lazy("Neighbour"),
    PickupType.LOCKER: gettext_lazy("Parcel locker"),
    PickupType.LETTERBOX: gettext_lazy("Letterbox"),
}


@dataclass(frozen=True, kw_only=True)
class Pickup:
    title: str
    name: str
    address: str
    opening_hours: str


def tell_pickup(shipment: Shipment) -> Pickup | None:
    said = shipment.pickup
    if not said or shipment.phase not in {Phase.COLLECT, Phase.DELIVERED}:
        return None
    is_waiting = shipment.phase == Phase.COLLECT
    kind = str(KINDS.get(said.get("type"), ""))
    name = said.get("name") or ""
    address = said.get("address") or ""
    if not (name or address) and (not kind or not is_waiting):
        return None
    return Pickup(
        title=_("Pick it up here") if is_waiting else _("Left here"),
        name=name or kind,
        address=address,
        opening_hours=said.get("opening_hours") or "" if is_waiting else "",
    )
