"""/v1/shops/{slug}/discounts, as a shop's program sees it."""

import pytest

from campaigns.models import Discount
from tests.api import ShopClient
from tests.factories import make_campaign, make_discount, make_shop

pytestmark = pytest.mark.django_db

SAID = {
    "code": "TEN",
    "title": "Ten off",
    "type": "shipping",
    "value_type": "fixed_amount",
    "value": 4.95,
}


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def client(shop):
    return ShopClient(shop)


def refused(response, status, key):
    assert (response.status_code, response.json()["key"]) == (status, key)
    return response.json()


def test_what_was_made_is_read_back_and_replaced_and_changed(client):
    made = client.post(SAID, "/discounts").json()
    path = f"/discounts/{made['uuid']}"

    assert SAID.items() <= made.items()
    assert client.get(path).json() == made
    assert client.patch({"value": "5.5"}, path).json()["value"] == 5.5
    replaced = client.put({"code": "TEN", "value": 10}, path).json()
    assert (replaced["title"], replaced["type"]) == ("", "order")
    assert (replaced["value_type"], replaced["value"]) == ("percentage", 10)


def test_a_code_is_unique_in_the_shop_in_any_case(client, shop):
    make_discount(shop, code="Straße")
    make_discount(make_shop(), code="TEN")

    assert client.post(SAID, "/discounts").status_code == 200
    refused(client.post({**SAID, "code": "ten"}, "/discounts"), 409, "discount_exists")
    assert len(client.get("/discounts?code=tEn").json()) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"value": -1},
        {"value": 101, "value_type": "percentage"},
        {"value": "NaN"},
        {"code": ""},
        {"type": "everything"},
        {"value_type": "apples"},
    ],
)
def test_what_cannot_be_is_refused(client, said):
    refused(client.post({**SAID, **said}, "/discounts"), 422, "payload_invalid")
    assert not Discount.objects.exists()


def test_more_than_a_hundred_per_cent_is_refused_also_in_two_steps(client):
    made = client.post({**SAID, "value": 120}, "/discounts").json()

    answer = client.patch({"value_type": "percentage"}, f"/discounts/{made['uuid']}")

    assert refused(answer, 422, "payload_invalid")["errors"][0]["loc"] == ["body", "value"]


def test_a_deleted_discount_leaves_its_campaigns_without_one(client, shop):
    discount = make_discount(shop)
    campaign = make_campaign(shop, discount_id=discount.id)

    assert client.request("DELETE", f"/discounts/{discount.id}").status_code == 204

    assert client.get(f"/campaigns/{campaign.id}").json()["discount"] is None
    refused(client.get(f"/discounts/{discount.id}"), 404, "discount_not_found")


def test_the_same_idempotency_key_makes_one_discount(client):
    for _ in range(2):
        assert client.post(SAID, "/discounts", **{"Idempotency-Key": "k"}).status_code == 200
    assert Discount.objects.count() == 1
