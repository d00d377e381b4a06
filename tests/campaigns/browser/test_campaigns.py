"""Campaigns in a real browser: made in the portal, seen and clicked on the tracking page."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from campaigns.models import Attribution, Campaign
from engagement.models import PageAction
from orders.tracking_link import tracking_token
from tests.factories import fulfil, make_campaign, make_discount, make_member, make_shop, place
from tests.portal.browser.visits import log_in

pytestmark = pytest.mark.django_db(transaction=True)

TELEPHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def make_rich_campaign(shop):
    return make_campaign(
        shop,
        name="Spring with a rather long name that has to wrap somewhere on a telephone",
        segment="subscribers-of-the-newsletter-of-this-year",
        holdout_percent=10,
        promotion_type="product",
        discount_id=make_discount(shop, code="THANKS10-AND-MORE-FOR-YOU").id,
        alternative_properties={"title": "B"},
        promotion_properties={
            "title": "Spring is here",
            "subtitle": "New colours",
            "cta_label": "Look",
            "cta_url": "https://shop.example/spring",
            "products": [
                {"title": "Scarf", "url": "https://shop.example/scarf", "price": 19.9},
                {"title": "A hat of the softest wool there is", "price": 1_249},
            ],
        },
    )


def test_the_preview_follows_what_is_typed_and_what_is_chosen(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    page.goto(f"/shops/{shop.slug}/campaigns/new")
    preview = page.locator("#preview")

    page.get_by_label("Name").fill("Spring")
    page.get_by_label("Title").first.fill("Spring is here")
    expect(preview).to_contain_text("Spring is here")
    page.locator("main summary", has_text="Deutsch").first.click()
    page.locator("[name=a-de-title]").fill("Der Frühling ist da")
    page.get_by_label("Language").select_option("de")
    expect(preview).to_contain_text("Der Frühling ist da")
    page.get_by_role("button", name="Create campaign").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Spring")
    campaign = Campaign.objects.of(shop).get()
    assert campaign.promotion_properties["translations"] == {"de": {"title": "Der Frühling ist da"}}


def test_without_scripts_a_button_shows_the_preview(browser, context, live_server):
    shop = make_shop()
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    log_in(plain, live_server.url, make_member(shop))
    page = plain.new_page()
    page.goto(f"/shops/{shop.slug}/campaigns/new")

    page.get_by_label("Title").first.fill("Spring is here")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#preview")).to_contain_text("Spring is here")
    expect(page.locator("[name=a-en-title]")).to_have_value("Spring is here")
    assert not Campaign.objects.exists()
    plain.close()


def test_a_customer_sees_it_copies_the_code_clicks_and_buys_again(browser, live_server, context):
    shop = make_shop()
    campaign = make_rich_campaign(shop)
    order = fulfil(shop, place(shop, segments=[campaign.segment]), "T1")
    Campaign.objects.update(holdout_percent=0, alternative_properties=None)
    telephone = browser.new_context(
        base_url=live_server.url,
        user_agent=TELEPHONE,
        viewport={"width": 390, "height": 844},
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = telephone.new_page()
    went = []
    page.route(
        re.compile("https://"), lambda route: (went.append(route.request), route.fulfill(body="ok"))
    )
    page.goto(f"/t/{tracking_token(shop.id, order.id)}")

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="Look").click()
    page.wait_for_url("https://shop.example/**")

    [visit] = went
    assert copied == "THANKS10-AND-MORE-FOR-YOU"
    assert "referer" not in visit.headers
    assert telephone.cookies() == []
    kinds = PageAction.objects.values_list("kind", "campaign_id", "variant")
    assert set(kinds) == {
        ("opened", None, ""),
        ("shown", campaign.id, "a"),
        ("clicked", campaign.id, "a"),
    }
    bought = place(shop, discounts=[], order_analytics={"landing_page": visit.url})
    found = Attribution.objects.of(shop).get()
    assert (found.order_id, found.campaign_id) == (bought.id, campaign.id)
    assert found.referring_order_id == order.id
    telephone.close()
