"""From a change to an endpoint: the worker, a real receiver, real connections."""

import time

import pytest
from standardwebhooks import Webhook as StandardWebhook

from tests.factories import fulfil, make_shop, place
from tests.webhooks.receiver import Received
from tests.webhooks.working import work_until
from webhooks.models import Attempt, Delivery, DeliveryState, Message
from webhooks.services import create_webhook
from webhooks.signing import karla_signature

pytestmark = pytest.mark.django_db(transaction=True)


def all_are(state: DeliveryState, count: int) -> bool:
    return list(Delivery.objects.values_list("state", flat=True)) == [state] * count


def test_a_change_reaches_the_endpoint_signed_and_once(receiver):
    shop = make_shop()
    _, secret = create_webhook(shop, url=receiver.url())
    fulfil(shop, place(shop), "T1")

    work_until(lambda: all_are(DeliveryState.SUCCEEDED, 3))

    refs = [received.event["ref"] for received in receiver.received]
    assert sorted(refs) == [
        "orders/fulfilled",
        "orders/placed",
        "shipments/order_processed/ORDER_IN_PROCESSING",
    ]
    for received in receiver.received:
        assert received.body.decode() == Message.objects.get(id=received.event["event_id"]).body
        check_signatures(received, secret)
    [first, *_] = Attempt.objects.all()
    assert (first.status, first.response_body, first.number) == (200, "thanks", 1)
    assert first.request_headers["Karla-Signature"].startswith("t=")


def check_signatures(received: Received, *secrets: str) -> None:
    time_said, *signatures = received.headers["Karla-Signature"].split(",")
    timestamp = int(time_said.removeprefix("t="))
    assert abs(time.time() - timestamp) < 300
    assert signatures == [
        f"v1={karla_signature(received.body, secret, timestamp)}" for secret in secrets
    ]
    for secret in secrets:
        if secret.startswith("whsec_"):
            StandardWebhook(secret).verify(received.body, received.headers)
    assert received.headers["webhook-id"] == received.event["event_id"]
