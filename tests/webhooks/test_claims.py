"""What webhooks say of claims: the event, and the claims of an order beside other events."""

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services import delete_claim, update_claim
from tests.api import ShopClient
from tests.factories import fulfil, make_claim, make_shop, place
from webhooks.dispatch import dispatch
from webhooks.models import Message
from webhooks.samples import send_test
from webhooks.services import create_webhook

pytestmark = pytest.mark.django_db


def test_the_body_of_a_claim_event():
    shop = make_shop()
    order = fulfil(shop, place(shop), "T1")
    create_webhook(shop, url="https://203.0.114.1/hook", enabled_events=["claims"])
    item = {"sku": "A", "title": "Lamp", "quantity": 1, "net_price": 5.5, "image_urls": []}
    claim = make_claim(
        order,
        resolution_preference="refund",
        description="Broken",
        customer_signature_image_url="https://shop.example/s.png",
        selected_items=[item],
        image_urls=["https://shop.example/1.jpg"],
    )
    dispatch()

    message = Message.objects.get()
    body = orjson.loads(message.body)

    assert (body["source"], body["ref"]) == ("claims", "claims/created")
    assert body["event_group"] == "claim_created"
    data = body["event_data"]
    assert data == {
        "claim_id": str(claim.id),
        "event_name": "created",
        "event_group": "claim_created",
        "created_at": data["created_at"],
        "updated_at": data["updated_at"],
        "resolution_preference": "refund",
        "reason": "damage",
        "status": "pending",
        "description": "Broken",
        "customer_signature_image_url": "https://shop.example/s.png",
        "selected_items": [item],
        "image_urls": ["https://shop.example/1.jpg"],
        "optional_image_urls": [],
    }
    as_read = orjson.loads(ShopClient(shop).get(f"/claims/{claim.id}").content)
    assert body["context"]["claims"] == [as_read]
    assert body["context"]["order"]["uuid"] == str(order.id)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("claims", ["claims/created", "claims/updated"]),
        ("claims/created", ["claims/created"]),
        ("claim_updated", ["claims/updated"]),
        ("orders", []),
    ],
)
def test_subscribers_hear_of_claims_by_path_and_by_group(wanted, told):
    shop = make_shop()
    order = fulfil(shop, place(shop), "T1")
    dispatch()
    create_webhook(shop, url="https://203.0.114.1/hook", enabled_events=[wanted])

    update_claim(make_claim(order), status="accepted")
    dispatch()

    refs = Message.objects.order_by("triggered_at", "id").values_list("ref", flat=True)
    assert [*refs] == told


def test_a_deleted_claim_is_no_longer_told():
    shop = make_shop()
    create_webhook(shop, url="https://203.0.114.1/hook")
    order = fulfil(shop, place(shop), "T1")
    delete_claim(make_claim(order))
    kept = make_claim(order, reason="return")
    dispatch()

    bodies = [orjson.loads(message.body) for message in Message.objects.all()]

    assert bodies
    for body in bodies:
        assert [claim["uuid"] for claim in body["context"]["claims"]] == [str(kept.id)]


def test_the_context_of_many_costs_as_many_queries_as_that_of_one():
    def queries_for(count: int) -> int:
        shop = make_shop()
        create_webhook(shop, url="https://203.0.114.1/hook")
        for number in range(count):
            make_claim(fulfil(shop, place(shop), f"T{number}"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            dispatch()
        return len(captured)

    assert queries_for(1) == queries_for(12)


@pytest.mark.parametrize("ref", ["claims/created", "claims/updated"])
def test_a_test_event_has_the_shape_of_a_real_one(ref):
    shop = make_shop()
    webhook, _ = create_webhook(shop, url="https://203.0.114.1/hook")
    item = {"sku": "A", "title": "B", "quantity": 1, "net_price": 1.0, "image_urls": []}
    claim = make_claim(fulfil(shop, place(shop), "T1"), selected_items=[item])
    update_claim(claim, status="accepted")
    dispatch()
    real = orjson.loads(Message.objects.get(ref=ref).body)

    made_up = orjson.loads(send_test(webhook, ref).message.body)

    assert set(made_up) == set(real)
    assert list(made_up["event_data"]) != []
    assert set(made_up["event_data"]) == set(real["event_data"])
    [sample], [sent] = made_up["event_data"]["selected_items"], real["event_data"]["selected_items"]
    assert set(sample) == set(sent)
