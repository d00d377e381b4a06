"""The campaign on a customer's page: what is shown, what is noted, where a click leads."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from campaigns.choice import Variant, variant_of
from campaigns.models import Attribution
from campaigns.services import change_campaign
from engagement.models import ActionKind, PageAction
from orders.tracking_link import tracking_token
from tests.factories import fulfil, make_campaign, make_discount, make_shop, place

pytestmark = pytest.mark.django_db

BROWSER = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1"}
PROMOTION = {
    "title": "Spring is here",
    "subtitle": "New <colours>",
    "cta_label": "Look",
    "cta_url": "https://shop.example/spring?a=1&b=%20x&utm_source=ours#top",
    "image_url": "https://cdn.shop.example/spring.jpg",
    "translations": {"de": {"title": "Der Frühling ist da"}},
}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def order(shop):
    return place(shop)


def visit(order, rest="", *, query="", **headers):
    path = f"/t/{tracking_token(order.shop_id, order.id)}{rest}{query}"
    return Client().get(path, headers={**BROWSER, **headers})


def page_of(order, **said):
    return visit(order, **said).content.decode()


def actions(kind):
    rows = PageAction.objects.filter(kind=kind)
    return list(rows.values_list("element", "campaign_id", "variant"))


def order_in(shop, campaign, variant):
    """One whom the hash gives this variant."""
    while True:
        found = place(shop)
        if variant_of(campaign, found.id) is variant:
            return found


def test_the_campaign_stands_below_the_answer_in_the_customers_language(shop, order):
    campaign = make_campaign(shop, promotion_properties=PROMOTION)

    response = visit(order)
    german = page_of(order, query="?lang=de")

    page = response.content.decode()
    assert page.index("answer") < page.index("Spring is here")
    assert "New &lt;colours&gt;" in page
    assert "https://shop.example" not in page.replace("https://cdn.shop.example", "")
    assert f"/c/{campaign.id}" in page
    assert "Der Frühling ist da" in german
    assert f"/c/{campaign.id}?lang=de" in german
    policy = response.headers["Content-Security-Policy"]
    assert "img-src 'self' https://cdn.shop.example;" in policy
    assert "script-src" not in policy
    assert actions(ActionKind.SHOWN) == [("campaign", campaign.id, "a")]


def test_no_campaign_is_no_block_and_nothing_noted(order):
    assert "promotion" not in page_of(order)
    assert actions(ActionKind.SHOWN) == []


def test_a_campaign_that_says_nothing_is_not_shown_and_not_noted(shop, order):
    make_campaign(shop, promotion_properties={"cta_url": "https://shop.example"})

    assert "promotion" not in page_of(order)
    assert actions(ActionKind.SHOWN) == []


def test_who_is_held_out_sees_nothing_and_is_noted(shop):
    campaign = make_campaign(shop, promotion_properties=PROMOTION, holdout_percent=50)
    order = order_in(shop, campaign, Variant.HOLDOUT)

    assert "Spring is here" not in page_of(order)
    assert actions(ActionKind.SHOWN) == [("campaign", campaign.id, "holdout")]


def test_variants_do_not_mix_in_the_cache(shop):
    campaign = make_campaign(
        shop,
        promotion_properties=PROMOTION,
        alternative_properties={"title": "Now with B"},
        holdout_percent=30,
    )
    orders = {variant: order_in(shop, campaign, variant) for variant in Variant}

    for _ in range(2):  # rendered, then kept
        shown = {variant: page_of(order) for variant, order in orders.items()}
        assert "Spring is here" in shown[Variant.A]
        assert "Now with B" in shown[Variant.B]
        assert "promotion" not in shown[Variant.HOLDOUT]
        assert "Now with B" not in shown[Variant.A]


def test_what_a_merchant_changes_shows_once_the_page_is_looked_at_anew(shop, order, monkeypatch):
    campaign = make_campaign(shop, promotion_properties=PROMOTION)
    assert "Spring is here" in page_of(order)
    monkeypatch.setattr("engagement.page_cache.FRESH", 0)

    change_campaign(campaign, {"is_paused": True})

    assert "Spring is here" not in page_of(order)


def test_a_click_leads_to_the_stored_address_with_the_referral_and_is_noted(shop, order):
    campaign = make_campaign(shop, code="spring", promotion_properties=PROMOTION)

    response = visit(order, f"/c/{campaign.id}")

    assert response.status_code == 303
    target = urlsplit(response.headers["Location"])
    assert (target.scheme, target.netloc, target.path, target.fragment) == (
        "https",
        "shop.example",
        "/spring",
        "top",
    )
    assert target.query.startswith("a=1&b=%20x&utm_source=ours&utm_medium=")
    said = parse_qs(target.query)
    assert (said["utm_campaign"], said["utm_source"]) == (["spring"], ["ours"])
    assert tracking_token(shop.id, order.id) not in response.headers["Location"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert actions(ActionKind.CLICKED) == [("campaign", campaign.id, "a")]


def test_who_buys_by_that_link_is_the_campaigns_and_the_page_is_known(shop, order):
    campaign = make_campaign(shop, code="spring", promotion_properties=PROMOTION)
    location = visit(order, f"/c/{campaign.id}").headers["Location"]

    bought = place(shop, discounts=[], order_analytics={"landing_site": location})
    only_ref = parse_qs(urlsplit(location).query)["karla_ref"][0]
    again = place(shop, discounts=[], order_analytics={"karla_ref": only_ref})

    found = {one.order_id: one for one in Attribution.objects.of(shop)}
    assert (found[bought.id].way, found[again.id].way) == ("analytics", "referral")
    assert {one.campaign_id for one in found.values()} == {campaign.id}
    assert {one.referring_order_id for one in found.values()} == {order.id}


@pytest.mark.parametrize(
    "query", ["?url=https://evil.example", "?next=//evil.example", "?cta_url=https://evil.example"]
)
def test_nobody_is_led_elsewhere_by_a_changed_link(shop, order, query):
    campaign = make_campaign(shop, promotion_properties=PROMOTION)

    location = visit(order, f"/c/{campaign.id}", query=query).headers["Location"]

    assert urlsplit(location).netloc == "shop.example"
    assert "evil" not in location


def test_a_stored_address_that_is_none_leads_nowhere(shop, order):
    for url in ("javascript:alert(1)", "//evil.example", "https://a@evil.example", ""):
        campaign = make_campaign(
            shop,
            segment=f"x{url}",
            promotion_properties={**PROMOTION, "cta_url": url},
        )
        assert visit(order, f"/c/{campaign.id}").status_code == 404
    assert actions(ActionKind.CLICKED) == []


def test_a_campaign_of_another_shop_or_a_deleted_one_leads_nowhere(shop, order):
    theirs = make_campaign(make_shop(), promotion_properties=PROMOTION)
    deleted = make_campaign(shop, promotion_properties=PROMOTION)
    visit(order, f"/c/{deleted.id}")
    client_path = f"/t/{tracking_token(shop.id, order.id)}/c/{theirs.id}"

    assert Client().get(client_path, headers=BROWSER).status_code == 404
    deleted.delete()
    assert visit(order, f"/c/{deleted.id}").status_code == 404


def test_robots_are_led_on_but_not_counted(shop, order):
    campaign = make_campaign(shop, promotion_properties=PROMOTION)
    robot = {"User-Agent": "Slackbot-LinkExpanding 1.0"}

    visit(order, **robot)
    response = visit(order, f"/c/{campaign.id}", **robot)

    assert response.status_code == 303
    assert not PageAction.objects.exists()


def test_a_discount_shows_its_code_and_a_script_of_ours_may_copy_it(shop, order):
    discount = make_discount(shop, code="TEN<b>")
    make_campaign(shop, promotion_properties=PROMOTION, discount_id=discount.id)

    response = visit(order)

    page = response.content.decode()
    assert "<code>TEN&lt;b&gt;</code>" in page
    assert "10 % off your next order" in page
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_products_lead_to_their_own_stored_addresses(shop, order):
    products = [
        {"title": "Scarf", "url": "https://shop.example/scarf", "price": 19.9, "currency": "EUR"},
        {"title": "Hat"},
        {"url": "https://shop.example/nameless"},
    ]
    campaign = make_campaign(
        shop,
        promotion_type="product",
        promotion_properties={**PROMOTION, "products": products},
    )

    page = page_of(order)

    assert "€19.90" in page
    assert "Hat" in page
    assert "nameless" not in page
    click = visit(order, f"/c/{campaign.id}/1")
    assert urlsplit(click.headers["Location"]).path == "/scarf"
    assert actions(ActionKind.CLICKED) == [("campaign_product", campaign.id, "a")]
    for place_of in (2, 0, 4, 999):
        expected = 303 if place_of == 0 else 404
        assert visit(order, f"/c/{campaign.id}/{place_of}").status_code == expected


def test_the_segments_at_the_fulfilment_say_which_campaign_it_is(shop):
    make_campaign(shop, segment="vip", promotion_properties={**PROMOTION, "title": "For VIPs"})
    make_campaign(shop, promotion_properties={**PROMOTION, "title": "For all"})

    assert "For VIPs" in page_of(fulfil(shop, place(shop, segments=["vip"]), "T1"))
    assert "For all" in page_of(fulfil(shop, place(shop, segments=["new"]), "T2"))
