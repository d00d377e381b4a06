"""Test events: any of the catalogue, about the shop's newest parcel, or about a made-up one."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.ids import new_id
from common.trace import current_trace
from events.models import Source
from events.nudge import nudge
from events.relay import CommittedFact
from orders.models import Order
from shipments.catalogue.meanings import MEANINGS
from shipments.models import Shipment
from shipments.phases import Direction
from shops.models import Shop
from webhooks.composing import compose_bodies
from webhooks.errors import DeliveryInactive
from webhooks.models import Delivery, Message, Webhook

TEST_EVENTS = {
    "orders/placed": "order_placed",
    "orders/updated": "order_updated",
    "orders/fulfilled": "order_fulfilled",
    "orders/cancelled": "order_cancelled",
    "claims/created": "claim_created",
    "claims/updated": "claim_updated",
    **{f"shipments/{one.phase}/{one.name}": one.group for one in MEANINGS.values()},
}
"""The paths of all events there are, each with its group."""

BY_NAME = {
    one.name: f"shipments/{one.phase}/{one.name}"
    for way in reversed(Direction)  # on the way to the customer, where a name has both
    for one in MEANINGS.values()
    if one.direction == way
}


def path_of(event: str) -> str | None:
    """The path of a test event that is called by its path or, one of a parcel, by its name."""
    return event if event in TEST_EVENTS else BY_NAME.get(event)


def send_test(webhook: Webhook, ref: str) -> Delivery:
    """Queue a test event, one of TEST_EVENTS, whatever the webhook is told of otherwise."""
    if not webhook.is_active:
        raise DeliveryInactive(_("The webhook is inactive; activate it first."))
    shop = webhook.shop
    order = Order.objects.of(shop).order_by("-order_placed_at", "-id").first()
    fact = _fact(shop, ref, order)
    body = compose_bodies(shop, [fact])[fact.id]
    with transaction.atomic():
        message = Message.objects.create(
            id=fact.id,
            shop=shop,
            position=0,
            ref=ref,
            event_group=fact.event_group,
            order_id=fact.order_id,
            is_test=True,
            body=body,
            triggered_at=fact.created_at,
        )
        delivery = Delivery.objects.create(
            shop=shop, webhook=webhook, message=message, position=0, next_attempt_at=timezone.now()
        )
        transaction.on_commit(nudge)
    delivery.refresh_from_db()
    return delivery


def _fact(shop: Shop, ref: str, order: Order | None) -> CommittedFact:
    source, _, rest = ref.partition("/")
    now, event_id = timezone.now(), new_id()
    shipment = None
    if order is not None and source == Source.SHIPMENTS:
        shipment = Shipment.objects.of(shop).filter(order_id=order.id).order_by("position").first()
    makers = {
        Source.ORDERS: lambda: _of_order(order, rest, ref),
        Source.SHIPMENTS: lambda: {
            **_of_shipment(shipment, rest, ref),
            "event_id": str(event_id),
            "event_time": now.isoformat(),
            "updated_at": now.isoformat(),
        },
        Source.CLAIMS: lambda: {
            **_of_claim(rest, ref),
            "created_at": now.isoformat(),
            "updated_at": now.isoformat(),
        },
    }
    return CommittedFact(
        id=event_id,
        source=source,
        ref=ref,
        event_group=TEST_EVENTS[ref],
        event_data=makers[Source(source)](),
        order_id=order.id if order else None,
        shipment_id=shipment.id if shipment else None,
        created_at=now,
        request_id=current_trace().request_id,
        committed_at=now,
    )


def _of_order(order: Order | None, happened: str, ref: str) -> dict[str, Any]:
    return {
        "order_id": str(order.id if order else new_id()),
        "order_number": order.order_number if order else "TEST-1",
        "external_id": order.external_id if order else "TEST-1",
        "event_name": happened,
        "event_group": TEST_EVENTS[ref],
        "state": "placed",
        "expected_number_of_shipments": order.expected_number_of_shipments if order else 1,
        "changed": [],
    }


def _of_shipment(shipment: Shipment | None, happened: str, ref: str) -> dict[str, Any]:
    phase, _, name = happened.partition("/")
    return {
        "shipment_id": str(shipment.id if shipment else new_id()),
        "carrier_reference": (shipment.carrier_reference or None) if shipment else "dhl",
        "event_name": name,
        "phase": phase,
        "event_group": TEST_EVENTS[ref],
        "tracking_number": shipment.tracking_number if shipment else "TEST1234567890",
        "tracking_url": shipment.carrier_url if shipment else "https://carrier.example/TEST",
    }


def _of_claim(happened: str, ref: str) -> dict[str, Any]:
    return {
        "claim_id": str(new_id()),
        "event_name": happened,
        "event_group": TEST_EVENTS[ref],
        "resolution_preference": "refund",
        "reason": "damage",
        "status": "pending",
        "description": "A test claim.",
        "customer_signature_image_url": None,
        "selected_items": [
            {
                "sku": "TEST",
                "title": "Test product",
                "quantity": 1,
                "net_price": 9.99,
                "image_urls": [],
            }
        ],
        "image_urls": ["https://shop.example/test.jpg"],
        "optional_image_urls": [],
    }
