"""/v1/shops/{slug}/campaigns, as a shop's program sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Attribution, Campaign
from tests.api import ShopClient
from tests.factories import make_campaign, make_discount, make_shop, place

pytestmark = pytest.mark.django_db

PROMOTION = {
    "title": "Spring is here",
    "subtitle": "New colours.",
    "cta_label": "Look",
    "cta_url": "https://shop.example/spring?ref=1#top",
    "image_url": "https://shop.example/a.jpg",
    "translations": {"de": {"title": "Der Frühling ist da"}},
    "products": [{"title": "Scarf", "url": "https://shop.example/scarf", "price": 19.9}],
}


@pytest.fixture
def shop():
    return make_shop(slug="demo")


@pytest.fixture
def client(shop):
    return ShopClient(shop)


def refused(response, status, key):
    assert (response.status_code, response.json()["key"]) == (status, key)
    return response.json()


def test_what_was_made_is_read_back_and_can_be_sent_back_as_it_is(client, shop):
    discount = make_discount(shop)
    said = {
        "name": "Spring sale!",
        "enabled": True,
        "start_date": "2026-03-01T00:00:00+01:00",
        "end_date": "2126-04-01T00:00:00Z",
        "segment": "vip",
        "promotion_type": "product",
        "promotion_properties": PROMOTION,
        "holdout_percent": 10,
        "priority": 3,
        "discount": str(discount.id),
    }

    made = client.post(said, "/campaigns").json()

    assert made["code"] == "spring-sale"
    assert made["status"] == "active"
    assert made["start_date"] == "2026-02-28T23:00:00+00:00"
    assert made["promotion_properties"] == PROMOTION
    assert made["discount"]["code"] == discount.code
    assert client.get(f"/campaigns/{made['uuid']}").json() == made
    assert client.get("/campaigns").json() == [made]
    again = client.put(made, f"/campaigns/{made['uuid']}").json()
    assert {**again, "updated_at": None} == {**made, "updated_at": None}


def test_a_name_is_all_that_is_needed_and_nothing_goes_live_by_accident(client):
    made = client.post({"name": "Bare"}, "/campaigns").json()

    assert (made["enabled"], made["status"], made["segment"]) == (False, "inactive", "default")
    assert made["promotion_properties"]["title"] == ""
    assert made["discount"] is None
    assert made["variant_b"] is None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"enabled": True}, "active"),
        ({"status": "active"}, "active"),
        ({"enabled": True, "status": "paused"}, "paused"),
        ({"enabled": True, "start_date": "2126-01-01T00:00:00Z"}, "scheduled"),
        ({"enabled": True, "end_date": "2026-01-01T00:00:00Z"}, "inactive"),
        ({"enabled": False, "status": "paused"}, "inactive"),
    ],
)
def test_the_status_follows_from_switch_pause_and_dates_and_is_found_by_it(client, said, status):
    made = client.post({"name": "One", **said}, "/campaigns").json()

    assert made["status"] == status
    found = {
        wanted: len(client.get(f"/campaigns?status={wanted}").json())
        for wanted in ("active", "inactive", "scheduled", "paused")
    }
    assert found == {**dict.fromkeys(found, 0), status: 1}


def test_pausing_and_resuming_change_nothing_else(client, shop):
    path = f"/campaigns/{make_campaign(shop).id}"
    before = client.get(path).json()

    paused = client.patch({"status": "paused"}, path).json()
    resumed = client.patch({"status": "active"}, path).json()

    assert (paused["status"], paused["enabled"]) == ("paused", True)
    assert {**resumed, "updated_at": None} == {**before, "updated_at": None}


def test_null_empties_what_may_be_empty_and_leaves_the_rest(client, shop):
    campaign = make_campaign(
        shop,
        ends_at=timezone.now() + timedelta(days=1),
        discount_id=make_discount(shop).id,
        alternative_properties={"title": "B"},
    )
    said = dict.fromkeys(
        ["start_date", "end_date", "discount", "variant_b", "name", "segment", "priority"]
    )

    changed = client.patch(said, f"/campaigns/{campaign.id}").json()

    emptied = {name for name in said if changed[name] is None}
    assert emptied == {"start_date", "end_date", "discount", "variant_b"}
    assert changed["name"] == campaign.name


def test_one_enabled_campaign_per_segment(client, shop):
    make_campaign(shop, segment="vip", name="First")
    second = client.post({"name": "Second", "segment": "vip"}, "/campaigns").json()
    other = client.post({"name": "Other", "segment": "new", "enabled": True}, "/campaigns").json()

    body = refused(
        client.patch({"enabled": True}, f"/campaigns/{second['uuid']}"),
        409,
        "campaign_active_segment_exists",
    )
    moved = client.patch({"segment": "vip"}, f"/campaigns/{other['uuid']}")
    born = client.post({"name": "Third", "segment": "vip", "enabled": True}, "/campaigns")

    assert "“First”" in body["message"]
    refused(moved, 409, "campaign_active_segment_exists")
    refused(born, 409, "campaign_active_segment_exists")
    assert Campaign.objects.of(shop).filter(segment="vip", is_enabled=True).count() == 1


def test_a_paused_campaign_keeps_its_segment_and_one_that_has_ended_gives_it_up(client, shop):
    paused = make_campaign(shop, segment="a", is_paused=True)
    ended = make_campaign(shop, segment="b", ends_at=timezone.now() - timedelta(days=1))

    at_a = client.post({"name": "New", "segment": "a", "enabled": True}, "/campaigns")
    at_b = client.post({"name": "New", "segment": "b", "enabled": True}, "/campaigns")

    refused(at_a, 409, "campaign_active_segment_exists")
    assert at_b.status_code == 200
    paused.refresh_from_db()
    ended.refresh_from_db()
    assert (paused.is_enabled, ended.is_enabled) == (True, False)


def test_codes_are_made_from_names_and_are_unique_in_the_shop(client):
    names = ["Spring Sale", "spring  sale", "Frühling & Öl", "春", "春"]
    codes = [client.post({"name": n}, "/campaigns").json()["code"] for n in names]

    assert codes == ["spring-sale", "spring-sale-2", "fruhling-ol", "campaign", "campaign-2"]
    refused(client.post({"name": "x", "code": "spring-sale"}, "/campaigns"), 409, "campaign_exists")


@pytest.mark.parametrize(
    ("said", "loc"),
    [
        ({"name": " "}, ["name"]),
        ({"promotion_properties": {"cta_url": "javascript:alert(1)"}}, ["cta_url"]),
        ({"promotion_properties": {"cta_url": "//evil.example"}}, ["cta_url"]),
        ({"promotion_properties": {"cta_url": "https://a@evil.example/"}}, ["cta_url"]),
        ({"promotion_properties": {"cta_url": "https://shop.example/a b"}}, ["cta_url"]),
        ({"promotion_properties": {"cta_url": "https://shop.example:99999/"}}, ["cta_url"]),
        ({"promotion_properties": {"cta_url": "https://shop.example\\@evil/"}}, ["cta_url"]),
        ({"promotion_properties": {"image_url": "data:image/png;base64,AA"}}, ["image_url"]),
        ({"promotion_properties": {"title": "x" * 201}}, ["title"]),
        ({"promotion_properties": {"title": "a\x00b"}}, ["title"]),
        ({"promotion_properties": {"products": [{}] * 21}}, ["products"]),
        ({"promotion_properties": {"products": [{"url": "ftp://a.example"}]}}, ["products", 0]),
        ({"promotion_properties": {"translations": {"deutsch!": {}}}}, ["translations"]),
        ({"variant_b": {"cta_url": "x"}}, ["variant_b", "cta_url"]),
        ({"segment": ""}, ["segment"]),
        ({"holdout_percent": 51}, ["holdout_percent"]),
        ({"priority": True}, ["priority"]),
        ({"start_date": 5}, ["start_date"]),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, []),
        ({"discount": "nonsense"}, ["discount"]),
        ({"discount": "00000000-0000-7000-8000-000000000000"}, ["discount"]),
        ({"code": "With Blanks"}, ["code"]),
        ({"status": "gone"}, ["status"]),
    ],
)
def test_what_is_wrong_is_named_by_its_path(client, said, loc):
    response = client.post({"name": "One", **said}, "/campaigns")

    body = refused(response, 422, "payload_invalid")
    path = body["errors"][0]["loc"]
    assert path[0] == "body"
    assert [part for part in loc if part not in path] == []


def test_an_end_before_the_start_that_is_stored_is_refused(client, shop):
    campaign = make_campaign(shop)

    body = refused(
        client.patch({"end_date": "2019-01-01T00:00:00Z"}, f"/campaigns/{campaign.id}"),
        422,
        "payload_invalid",
    )

    assert body["errors"][0]["loc"] == ["body", "end_date"]


def test_the_same_idempotency_key_makes_one_campaign(client):
    key = {"Idempotency-Key": "once"}

    first = client.post({"name": "One"}, "/campaigns", **key)
    second = client.post({"name": "One"}, "/campaigns", **key)

    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Campaign.objects.count() == 1


def test_pages_are_linked_and_a_list_costs_as_much_for_many_as_for_one(
    client, shop, django_assert_max_num_queries
):
    for number in range(5):
        discount = make_discount(shop)
        make_campaign(shop, name=str(number), segment=str(number), discount_id=discount.id)

    first = client.get("/campaigns?per_page=3")
    cursor = first.headers["Link"].partition("cursor=")[2].partition("&")[0].partition(">")[0]
    with django_assert_max_num_queries(4):
        second = client.get(f"/campaigns?per_page=3&cursor={cursor}")

    names = [one["name"] for answer in (first, second) for one in answer.json()]
    assert names == ["4", "3", "2", "1", "0"]
    refused(client.get("/campaigns?statuss=active"), 422, "parameter_unknown")
    refused(client.get("/campaigns?enabled=yes"), 422, "payload_invalid")
    assert len(client.get("/campaigns?segment=2&enabled=true").json()) == 1


def test_a_deleted_campaign_is_gone_but_what_it_brought_still_counts(client, shop):
    campaign = make_campaign(shop, segment="vip")
    order = place(shop, order_analytics={"utm_campaign": campaign.code})

    assert client.request("DELETE", f"/campaigns/{campaign.id}").status_code == 204

    for method in ("GET", "DELETE"):
        answer = client.request(method, f"/campaigns/{campaign.id}")
        refused(answer, 404, "campaign_not_found")
    assert client.get("/campaigns").json() == []
    assert Attribution.objects.of(shop).get().order_id == order.id
    free = client.post({"name": "Next", "segment": "vip", "enabled": True}, "/campaigns")
    assert free.status_code == 200


def test_another_shops_campaigns_and_discounts_are_not_there(client, shop):
    stranger = make_shop()
    campaign, discount = make_campaign(stranger), make_discount(stranger)

    refused(client.get(f"/campaigns/{campaign.id}"), 404, "campaign_not_found")
    refused(client.get("/campaigns/nonsense"), 404, "campaign_not_found")
    refused(client.get(f"/discounts/{discount.id}"), 404, "discount_not_found")
    body = refused(
        client.post({"name": "x", "discount": str(discount.id)}, "/campaigns"),
        422,
        "payload_invalid",
    )
    assert body["errors"][0]["type"] == "discount_not_found"
