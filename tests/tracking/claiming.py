"""Going through the claim flows as a customer's browser does."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from claims.models import ClaimDraft
from orders.models import Order
from orders.tracking_link import tracking_token
from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, place

PRODUCTS = [
    {"sku": "A", "title": "Lamp", "quantity": 2, "price": 20},
    {"sku": "B", "title": "Vase", "quantity": 1, "price": 50},
]


def delivered(shop: Shop, *, days_ago: float = 1, number: str = "T1", **order: Any) -> Order:
    """An order whose one parcel was delivered so long ago."""
    placed = place(shop, **{"products": PRODUCTS, **order})
    fulfil(shop, placed, number)
    scan(placed, "SUCCESSFULLY_DELIVERED", days_ago=days_ago)
    return Order.objects.of(shop).get(id=placed.id)


def scan(order: Order, name: str, *, days_ago: float = 0, number: str = "") -> None:
    shipments = Shipment.objects.of(order.shop).filter(order=order)
    shipment = shipments.filter(tracking_number=number).first() if number else shipments.first()
    at = timezone.now() - timedelta(days=days_ago, minutes=1)
    said = ScanInput(event_name=name, event_time=at, external_id=f"{name} {days_ago}")
    record_scan(shipment, said, feed=Feed.API)


class Customer:
    """Whoever has the order's link."""

    def __init__(self, order: Order, language: str = "en") -> None:
        self.order = order
        self.root = f"/t/{tracking_token(order.shop_id, order.id)}"
        self.client = Client(headers={"Accept-Language": language})

    def get(self, path: str = "/claims") -> Any:
        return self.client.get(f"{self.root}{path}")

    def post(self, path: str, said: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"{self.root}{path}", said or {})

    def begin(self, flow: str, **said: str) -> Any:
        return self.post("/claims/begin", {"flow": flow, **said})

    @property
    def draft(self) -> ClaimDraft:
        return ClaimDraft.objects.filter(order=self.order).latest("id")

    def step(self, step: str, **said: Any) -> Any:
        return self.post(f"/claims/drafts/{self.draft.id}/{step}", said)

    def show(self, step: str) -> Any:
        return self.get(f"/claims/drafts/{self.draft.id}/{step}")


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def place_of(response: Any) -> str:
    """The last part of where it leads."""
    return str(response.headers["Location"]).partition("?")[0].rpartition("/")[2]
