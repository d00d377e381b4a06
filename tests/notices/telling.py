"""Notices that are on, and things that happen to parcels."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from notices.models import Audience, Mail, Notice
from notices.services import switch_notice
from orders.models import Order
from shipments.models import Feed, Shipment
from shipments.scans.inputs import PickupInput, ScanInput, WindowInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, place
from webhooks.dispatch import dispatch

CUSTOMER = "ada@customer.example"
ADDRESS = {"zip_code": "10119", "city": "Berlin", "country_code": "DE", "name": "Ada Lovelace"}


def switch_on(shop: Shop, *groups: str, audience: Audience = Audience.CUSTOMERS) -> list[Notice]:
    return [switch_notice(shop, audience=audience, group=group, is_on=True) for group in groups]


def parcel(shop: Shop, **order: Any) -> Shipment:
    """On its way to CUSTOMER, and nobody is to be told of it any more."""
    said = {"email_id": CUSTOMER, "address": ADDRESS, **order}
    made: Order = fulfil(shop, place(shop, **said), "00340434161094042557")
    dispatch()
    return made.shipments.get()


def report(
    shipment: Shipment,
    name: str = "OUT_FOR_DELIVERY",
    *,
    at: datetime | None = None,
    external_id: str = "",
    pickup: PickupInput | None = None,
    window: WindowInput | None = None,
) -> None:
    """As its carrier would."""
    at = at or timezone.now() - timedelta(seconds=1)
    said = ScanInput(
        event_name=name,
        event_time=at,
        external_id=external_id or f"{name} {at}",
        pickup=pickup,
        estimated_arrival=window,
    )
    record_scan(shipment, said, feed=Feed.API)


def queued(shop: Shop) -> list[tuple[str, str]]:
    rows = Mail.objects.of(shop).order_by("created_at", "id")
    return list(rows.values_list("event_group", "recipient"))


def states(shop: Shop) -> list[str]:
    return list(Mail.objects.of(shop).order_by("created_at", "id").values_list("state", flat=True))
