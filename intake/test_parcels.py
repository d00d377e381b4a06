"""Test parcels: an order as a shop would send it, whose parcel lives through a story."""

from secrets import choice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Missing
from intake.inputs import UpsertInput
from intake.upsert import upsert_order
from orders.inputs import AddressInput, OrderInput, ProductInput
from orders.models import Order
from orders.states import OrderState
from shipments.arrival.expect import EXPECTED_COLUMNS, expect_nothing
from shipments.feeds.models import Simulation
from shipments.feeds.simulator.play import start_simulation
from shipments.feeds.simulator.stories import Speed, Story
from shipments.inputs import TrackingInput
from shipments.models import Shipment
from shipments.services import attach_tracking
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


SAMPLE_NUMBER = "TEST-1001"
"""Of the order that a new shop sends to try the API."""
SAMPLE: dict[str, Any] = {
    "id": SAMPLE_NUMBER,
    "order": {
        "order_number": SAMPLE_NUMBER,
        "total_order_price": 29.99,
        "email_id": "jane@example.com",
        "address": {
            "name": "Jane Doe",
            "address_line_1": "Teststr. 1",
            "zip_code": "10119",
            "city": "Berlin",
            "country_code": "DE",
        },
        "products": [{"sku": "TEST", "title": "Test product", "quantity": 1}],
    },
    "trackings": [],
}


class NoSampleOrder(Missing):
    key = "no_sample_order"


@transaction.atomic
def send_test_parcel(shop: Shop, *, story: Story, speed: Speed) -> Simulation:
    """A new order with one parcel that is sent now; both are marked, and no number counts them.

    Its events are told like any others, so that webhooks can be tried. Raises `TooManySimulations`.
    """
    number = "TEST-" + _letters()
    order = OrderInput(
        order_number=number,
        order_placed_at=timezone.now(),
        currency=shop.currency,
        address=ADDRESS,
        products=[ProductInput(sku="TEST", title="Test product", quantity=1)],
    )
    sent = _tracking(number.replace("-", ""))
    upsert_order(shop, UpsertInput(id=number, order=order, trackings=[sent]))
    return _start(shop, number, story=story, speed=speed)


def place_sample_order(shop: Shop) -> None:
    """As the printed command does; it counts as a test once its parcel is sent."""
    upsert_order(shop, UpsertInput.model_validate(SAMPLE))


def sample_order(shop: Shop) -> Order | None:
    """The one that the printed command made, while it has no parcel."""
    waiting = Order.objects.of(shop).filter(order_number=SAMPLE_NUMBER, state=OrderState.PLACED)
    return waiting.first()


@transaction.atomic
def fulfil_sample_order(shop: Shop, *, story: Story, speed: Speed) -> Simulation:
    """Send its parcel; both are marked from here on. Raises NoSampleOrder, TooManySimulations."""
    order = sample_order(shop)
    if order is None:
        raise NoSampleOrder(_("There is no order %s that waits for its parcel.") % SAMPLE_NUMBER)
    attach_tracking(order, _tracking(f"TEST{_letters()}"))
    return _start(shop, SAMPLE_NUMBER, story=story, speed=speed)


def _start(shop: Shop, order_number: str, *, story: Story, speed: Speed) -> Simulation:
    Order.objects.of(shop).filter(order_number=order_number).update(is_test=True)
    shipment = Shipment.objects.of(shop).get(order__shop=shop, order__order_number=order_number)
    shipment.shop = shop
    shipment.is_test = True
    expect_nothing(shipment)  # when it arrives is its story's to tell, not the shop's history
    shipment.save(update_fields=["is_test", *EXPECTED_COLUMNS])
    return start_simulation(shipment, story=story, speed=speed)


def _tracking(number: str) -> TrackingInput:
    return TrackingInput(tracking_number=number, tracking_company="Test")


def _letters() -> str:
    return "".join(choice(LETTERS) for _place in range(8))
