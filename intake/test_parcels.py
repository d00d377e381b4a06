"""Test parcels: an order as a shop would send it, whose parcel lives through a story."""

from secrets import choice

from django.db import transaction
from django.utils import timezone

from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from orders.inputs import AddressInput, OrderInput, ProductInput
from orders.models import Order
from shipments.arrival.expect import EXPECTED_COLUMNS, expect_nothing
from shipments.feeds.models import Simulation
from shipments.feeds.simulator.play import start_simulation
from shipments.feeds.simulator.stories import Speed, Story
from shipments.inputs import TrackingInput
from shipments.models import Shipment
from shops.models import Shop

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
ADDRESS = AddressInput(
    name="Test parcel",
    street="Teststraße 1",
    zip_code="10115",
    city="Berlin",
    country="Germany",
    country_code="DE",
)


@transaction.atomic
def send_test_parcel(shop: Shop, *, story: Story, speed: Speed) -> Simulation:
    """A new order with one parcel that is sent now; both are marked, and no number counts them.

    Its events are told like any others, so that webhooks can be tried. Raises `TooManySimulations`.
    """
    number = "TEST-" + "".join(choice(LETTERS) for _ in range(8))
    order = OrderInput(
        order_number=number,
        order_placed_at=timezone.now(),
        currency=shop.currency,
        address=ADDRESS,
        products=[ProductInput(sku="TEST", title="Test product", quantity=1)],
    )
    tracking = TrackingInput(tracking_number=number.replace("-", ""), tracking_company="Test")
    upsert_order(shop, UpsertInput(id=number, order=order, trackings=[tracking]))
    Order.objects.of(shop).filter(order_number=number).update(is_test=True)
    shipment = Shipment.objects.of(shop).get(order__shop=shop, order__order_number=number)
    shipment.shop = shop
    shipment.is_test = True
    expect_nothing(shipment)  # when it arrives is its story's to tell, not the shop's history
    shipment.save(update_fields=["is_test", *EXPECTED_COLUMNS])
    return start_simulation(shipment, story=story, speed=speed)
