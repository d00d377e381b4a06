"""Each parcel of an order as its customer reads of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shipments.catalogue.texts import event_strings
from shipments.models import Shipment
from shipments.phases import Phase


@dataclass(frozen=True, kw_only=True)
class Parcel:
    shipment: Shipment
    place: int
    """1 for the first of the order."""
    headline: str


def tell_parcels(shipments: Sequence[Shipment], *, language: str) -> list[Parcel]:
    return [
        Parcel(
            shipment=shipment,
            place=place,
            headline=event_strings("", Phase(shipment.phase), language)["header_title"],
        )
        for place, shipment in enumerate(shipments, start=1)
    ]
