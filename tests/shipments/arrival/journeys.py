"""Parcels with a past, for tests of when they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from intake.inputs import UpsertInput
from intake.upsert import upsert_orders
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ReportedScan, ScanInput
from shipments.scans.record import record_scan, record_scans
from shops.models import Shop
from tests.factories import fulfil, place

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def send(shop: Shop, number: str, *, at: datetime = MONDAY, carrier="dhl", **address) -> Shipment:
    """A parcel handed over at that time, to Berlin unless the address says otherwise."""
    to = {"zip_code": "10115", "country_code": "DE", **address}
    order = place(shop, address=to)
    order = fulfil(
        shop, order, number, tracking_placed_at=at.isoformat(), carrier_reference=carrier
    )
    return order.shipments.get()


def report(shipment: Shipment, name: str, at: datetime, **fields) -> Shipment:
    """A scan of it; answers the shipment as it is afterwards."""
    said = {"event_name": name, "event_time": at.isoformat(), "external_id": f"{name} {at}"}
    record_scan(shipment, ScanInput.model_validate({**said, **fields}), feed=Feed.CARRIER)
    return Shipment.objects.of(shipment.shop).get(id=shipment.id)


def deliver(shipment: Shipment, *, days: int, hour: int = 11) -> Shipment:
    """In transit in the evening, at the door so many days later, delivered at that hour (UTC)."""
    sent_at = shipment.tracking_placed_at
    report(shipment, "DEPARTURE_FROM_TRANSPORT_HUB", sent_at + timedelta(hours=9))
    day = (sent_at + timedelta(days=days)).replace(minute=0, second=0)
    report(shipment, "OUT_FOR_DELIVERY", day.replace(hour=7))
    return report(shipment, "SUCCESSFULLY_DELIVERED", day.replace(hour=hour))


@dataclass(frozen=True, kw_only=True)
class Past:
    """A parcel that was delivered."""

    number: str
    at: datetime
    days: int
    hour: int = 11
    carrier: str = "dhl"
    zip_code: str = "10115"


def deliver_many(shop: Shop, parcels: Sequence[Past]) -> None:
    """As `send` and `deliver` do, all at once."""
    upserts = {}
    scans = []
    for place_, parcel in enumerate(parcels):
        tracking = {
            "tracking_number": parcel.number,
            "tracking_placed_at": parcel.at,
            "carrier_reference": parcel.carrier,
        }
        address = {"zip_code": parcel.zip_code, "country_code": "DE"}
        order = {"order_number": f"past {parcel.number}", "address": address}
        upserts[place_] = UpsertInput.model_validate(
            {"id": order["order_number"], "order": order, "trackings": [tracking]}
        )
        day = parcel.at + timedelta(days=parcel.days)
        for name, at in (
            ("DEPARTURE_FROM_TRANSPORT_HUB", parcel.at + timedelta(hours=9)),
            ("OUT_FOR_DELIVERY", day.replace(hour=7, minute=0)),
            ("SUCCESSFULLY_DELIVERED", day.replace(hour=parcel.hour, minute=0)),
        ):
            said = {"event_name": name, "event_time": at, "external_id": name}
            scans.append(ReportedScan.model_validate({**said, "tracking_number": parcel.number}))
    upsert_orders(shop, upserts)
    record_scans(shop, dict(enumerate(scans)), feed=Feed.CARRIER)


def window(start: datetime, end: datetime) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat()}
