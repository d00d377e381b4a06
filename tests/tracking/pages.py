"""What tests say of customers' pages."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from orders.models import Order
from orders.tracking_link import tracking_token
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, place

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def customer(language: str = "en") -> Client:
    """A telephone that asks for this language."""
    return Client(headers={"User-Agent": PHONE, "Accept-Language": language})


def page_url(order: Order, rest: str = "") -> str:
    return f"/t/{tracking_token(order.shop_id, order.id)}{rest}"


def ship(shop: Shop, number: str = "00340434292135100186", **changes: Any) -> Shipment:
    """The parcel of a new order."""
    order = fulfil(shop, place(shop, **changes), number)
    return Shipment.objects.of(shop).get(order=order, tracking_number=number)


def scan(shipment: Shipment, name: str, at: datetime | None = None, **said: Any) -> Shipment:
    at = at or timezone.now()
    sent = {"event_name": name, "event_time": at, "external_id": f"{name} {at}", **said}
    record_scan(shipment, ScanInput.model_validate(sent), feed=Feed.API)
    shipment.refresh_from_db()
    return shipment


def delivered(shop: Shop, number: str = "00340434292135100186") -> Shipment:
    return scan(ship(shop, number), "SUCCESSFULLY_DELIVERED", timezone.now() - timedelta(hours=1))
