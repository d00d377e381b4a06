"""Orders that pages of numbers are about."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from claims.models import Claim, Reason
from engagement.models import ActionKind, PageAction, Rating
from orders.models import Order
from shipments.models import Feed, Shipment
from shipments.phases import Phase
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Shop
from tests.factories import fulfil, place


def delivered(
    shop: Shop, number: str, *, days_ago: int = 5, took: int = 2, **tracking: Any
) -> Shipment:
    """An order's only parcel, placed and sent so many days ago, delivered after `took` days."""
    at = timezone.now() - timedelta(days=days_ago)
    shipment = sent(shop, number, at=at, **tracking)
    record_scan(
        shipment,
        ScanInput(
            event_name="SUCCESSFULLY_DELIVERED",
            event_time=at + timedelta(days=took),
            external_id=number,
        ),
        feed=Feed.API,
    )
    return Shipment.objects.of(shop).get(id=shipment.id)


def sent(shop: Shop, number: str, *, at: datetime, **tracking: Any) -> Shipment:
    placed: Order = place(
        shop,
        order_placed_at=at.isoformat(),
        currency=shop.currency,
        total_order_price=100,
        address={"zip_code": "10119", "country_code": "DE"},
        segments=["vip"],
    )
    said = {"carrier_reference": "dhl", "tracking_placed_at": at.isoformat(), **tracking}
    return fulfil(shop, placed, number, **said).shipments.get()


def rated(shipment: Shipment, score: int) -> None:
    Rating.objects.create(shop=shipment.shop, order=shipment.order, shipment=shipment, score=score)


def opened(shipment: Shipment) -> None:
    PageAction.objects.create(shop=shipment.shop, order=shipment.order, kind=ActionKind.OPENED)


def claimed(shipment: Shipment, reason: Reason = Reason.DAMAGE) -> Claim:
    return Claim.objects.create(
        shop=shipment.shop,
        order=shipment.order,
        shipment=shipment,
        reason=reason,
        phase_when_filed=Phase.DELIVERED,
        selected_items=[{"sku": "A-1", "title": "Mug", "quantity": 1}],
    )


def some(shop: Shop, count: int = 3) -> list[Shipment]:
    """Delivered, rated, looked at, one of them complained of."""
    shipments = [
        delivered(shop, f"00340434{number:012}", days_ago=5 + number) for number in range(count)
    ]
    for place_, shipment in enumerate(shipments):
        opened(shipment)
        rated(shipment, 5 - place_ % 3)
    claimed(shipments[0])
    return shipments
