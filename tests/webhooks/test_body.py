"""What is sent, key by key against the contract's section 5."""

import orjson
import pytest

from shops.models import Shop
from tests.api import ShopClient
from tests.factories import fulfil, make_shop, place
from tests.webhooks.facts import record_fact
from webhooks.composing import represent_customer
from webhooks.dispatch import dispatch
from webhooks.models import Message
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    create_webhook(shop, url="https://203.0.114.1/hook")
    return shop


def test_the_body_of_a_shipment_event(shop):
    order = place(shop, external_customer_id="c-1", email_id="jane@example.com")
    fulfil(shop, order, "1Z12345E0205271688", carrier_reference="ups")
    as_read = orjson.loads(ShopClient(shop).get(f"/orders/{order.id}").content)
    dispatch()

    message = Message.objects.get(ref__startswith="shipments/")
    body = orjson.loads(message.body)

    shipment = order.shipments.get()
    assert set(body) == {
        "source",
        "ref",
        "version",
        "triggered_at",
        "event_group",
        "event_data",
        "context",
        "shop_slug",
        "shop_id",
        "event_id",
    }
    assert body["source"] == "shipments"
    assert body["ref"] == "shipments/order_processed/ORDER_IN_PROCESSING"
    assert body["version"] == 1
    assert body["event_group"] == "shipment_pre_transit"
    assert body["shop_slug"] == shop.slug
    assert body["shop_id"] == str(shop.id)
    assert body["event_id"] == str(message.id)
    data = body["event_data"]
    assert data == {
        "shipment_id": str(shipment.id),
        "carrier_reference": "ups",
        "event_name": "ORDER_IN_PROCESSING",
        "phase": "order_processed",
        "event_group": "shipment_pre_transit",
        "tracking_number": "1Z12345E0205271688",
        "tracking_url": shipment.carrier_url,
        "event_id": str(message.id),
        "event_time": data["event_time"],
        "updated_at": data["updated_at"],
    }
    assert set(body["context"]) == {"order", "customer", "shipments", "claims"}
    assert body["context"]["order"] == as_read
    assert body["context"]["shipments"] == as_read["shipments"]
    assert body["context"]["claims"] == []
    assert body["context"]["customer"] == {
        "external_id": "c-1",
        "email": "jane@example.com",
        "first_name": as_read["address"]["name"].split()[0],
        "last_name": as_read["address"]["name"].split()[-1],
    }


def test_the_facts_of_a_claim_are_passed_on_as_they_were_recorded(shop):
    record_fact(shop, ref="claims/created", group="claim_created")
    dispatch()

    body = orjson.loads(Message.objects.get().body)

    assert (body["source"], body["ref"]) == ("claims", "claims/created")
    assert set(body["event_data"]) == {"event_name", "event_time"}
    assert body["context"] == {"order": None, "customer": None, "shipments": [], "claims": []}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Jane Doe", "Jane", "Doe"),
        ("Anna Maria de la Cruz", "Anna Maria de la", "Cruz"),
        ("Madonna", "Madonna", None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_guest_has_no_external_id_and_a_name_as_far_as_it_goes(name, first, last):
    order = {"address": {"name": name}, "email_id": None, "external_customer_id": None}

    customer = represent_customer(order)

    assert customer == {
        "external_id": None,
        "email": None,
        "first_name": first,
        "last_name": last,
    }
