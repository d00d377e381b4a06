"""`Idempotency-Key`: done once, answered as often as asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.idempotency import forget_idempotent_requests
from intake.models import IdempotentRequest
from orders.models import Order
from shops.models import Shop
from tests.api import ShopClient, assert_refused
from tests.documented_order import documented_order
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "b0a7-first"}


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def client(shop) -> ShopClient:
    return ShopClient(shop)


def test_the_same_post_again_gets_the_first_answer(client):
    first = client.post(documented_order(), **KEY)
    again = client.post(documented_order(), **KEY)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first["Karla-Outcome"] == again["Karla-Outcome"] == "created"
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_representation_is_replayed_too(client):
    headers = {**KEY, "Prefer": "return=representation"}

    first = client.post(documented_order(), **headers)
    again = client.post(documented_order(), **headers)

    assert first.json()["order_number"] == "11334422"
    assert first.json() == again.json()


@pytest.mark.parametrize("changes", [{"currency": "CHF"}, {"order_number": "2"}])
def test_the_same_key_with_another_body_is_409(client, changes):
    client.post(documented_order(), **KEY)

    response = client.post(documented_order(**changes), **KEY)

    assert_refused(response, 409, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_the_same_key_on_another_call_is_409(client, shop):
    order = place(shop)
    client.post(documented_order(), **KEY)

    assert_refused(
        client.post(None, f"/orders/{order.id}/cancel", **KEY), 409, "idempotency_key_reused"
    )


def test_shops_keep_their_keys_apart(client):
    client.post(documented_order(), **KEY)

    assert ShopClient(make_shop()).post(documented_order(), **KEY)["Karla-Outcome"] == "created"


def test_a_refused_post_may_be_mended_under_the_same_key(client):
    assert client.post({"order_number": "1"}, **KEY).status_code == 422
    place(client.shop, order_number="11334422")
    assert_refused(client.post(documented_order(), **KEY), 409, "order_exists")

    assert client.post(documented_order(order_number="3"), **KEY).status_code == 200


def test_a_key_is_forgotten_after_a_day(client):
    client.post(documented_order(), **KEY)
    long_ago = timezone.now() - timedelta(hours=24, seconds=1)
    IdempotentRequest.objects.update(created_at=long_ago)

    response = client.post(documented_order(order_number="2", external_id="2"), **KEY)

    assert response["Karla-Outcome"] == "created"
    IdempotentRequest.objects.update(created_at=long_ago)
    assert forget_idempotent_requests() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x07b"])
def test_a_key_of_another_form_is_422(client, key):
    body = assert_refused(
        client.post(documented_order(), **{"Idempotency-Key": key}), 422, "payload_invalid"
    )

    assert body["errors"][0]["loc"] == ["header", "Idempotency-Key"]
    assert not Order.objects.exists()


def test_cancelling_is_done_once(client, shop):
    order = place(shop)

    first = client.post(None, f"/orders/{order.id}/cancel", **KEY)
    again = client.post(None, f"/orders/{order.id}/cancel", **KEY)

    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
