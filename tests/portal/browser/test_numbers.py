"""Home and numbers in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import Campaign
from portal.models import SavedFilter, SavedRoom
from portal.numbers.rooms import PARTS
from shops.models import Shop
from tests.factories import make_member, make_shop
from tests.portal.browser.visits import log_in, overflow, overflows
from tests.portal.numbers.pages import sent, some

pytestmark = pytest.mark.django_db(transaction=True)


def busy_shop() -> Shop:
    shop = make_shop(name="A shop whose name is rather long and goes on")
    some(shop, 8)
    sent(shop, "1Z12345E0205271688", at=timezone.now() - timedelta(days=12))
    Campaign.objects.create(shop=shop, name="Come back soon " * 8)
    SavedFilter.objects.create(
        shop=shop, room=SavedRoom.ANALYTICS, name="W" * 60, query="part=claims&carrier=dhl"
    )
    return shop


WIDTHS = (360, 768, 1024, 1920)


def paths(shop: Shop) -> list[str]:
    base = f"/shops/{shop.slug}"
    return [
        base,
        *(f"{base}/analytics/{part.key}?carrier=dhl" for part in PARTS),
        f"{base}/analytics?from=2026-02-01&to=2026-01-01",
        f"{base}/numbers/average_delivery_time/rows",
        f"{base}/attention/unscanned",
        f"{base}/analytics-views",
    ]


def test_no_page_of_numbers_is_wider_than_its_window(page, context, live_server):
    shop = busy_shop()
    log_in(context, live_server.url, make_member(shop, is_staff=True))
    found = {}

    for path in paths(shop):
        page.goto(path)
        found[path] = overflows(page, WIDTHS)
    for path in (f"/shops/{shop.slug}", f"/shops/{shop.slug}/analytics"):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            for title in page.locator(".defined-title").all():
                title.focus()
                found[f"{path} {title.text_content()} {width}"] = overflow(page)
                tip = page.locator(".defined-title:focus + .defined-tip")
                box = tip.bounding_box()
                assert 0 <= box["x"] <= width - box["width"], title.text_content()
    for summary in page.locator("main .tools summary").all():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.keyboard.press("Escape")
            summary.click()
            found[f"{summary.text_content()} {width}"] = overflow(page)
            opened = page.locator("details.popup[open] > .popup-list")
            expect(opened).to_be_in_viewport(ratio=0.6)

    assert not any(found.values()), found


def test_what_a_number_means_is_told_on_hover_on_focus_and_on_touch(
    browser, plain_static_files, live_server
):
    shop = make_shop()
    some(shop)
    person = make_member(shop)
    for has_touch in (False, True):
        context = browser.new_context(
            base_url=live_server.url, has_touch=has_touch, java_script_enabled=False
        )
        log_in(context, live_server.url, person)
        page = context.new_page()
        page.goto(f"/shops/{shop.slug}")
        title = page.get_by_role("button", name="Claim rate")
        tip = page.locator("#means-claim_rate")
        expect(tip).to_be_hidden()
        if has_touch:
            title.tap()
            expect(tip).to_be_visible()
        else:
            title.hover()
            expect(tip).to_be_visible()
            page.mouse.move(0, 0)
            expect(tip).to_be_hidden()
            title.focus()
            expect(tip).to_contain_text("1 orders with a claim")
        context.close()


def test_escape_closes_what_a_number_means(page, context, live_server):
    shop = make_shop()
    some(shop)
    log_in(context, live_server.url, make_member(shop))
    page.goto(f"/shops/{shop.slug}")
    page.wait_for_load_state()
    page.get_by_role("button", name="Claim rate").focus()
    expect(page.locator("#means-claim_rate")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#means-claim_rate")).to_be_hidden()


def test_the_values_of_a_chart_are_walked_by_arrow_keys(page, context, live_server):
    shop = make_shop()
    some(shop)
    log_in(context, live_server.url, make_member(shop))
    page.goto(f"/shops/{shop.slug}")
    page.wait_for_load_state()
    steps = page.locator(".chart-step")
    expect(steps).to_have_count(30)

    page.locator(".chart-step[tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    expect(steps.nth(28)).to_be_focused()
    shown = steps.nth(28).evaluate("step => getComputedStyle(step, '::after').content")
    assert shown == "attr(aria-label)" or "now" in shown
    page.keyboard.press("Home")
    expect(steps.nth(0)).to_be_focused()
    expect(page.locator(".chart-step[tabindex='0']")).to_have_count(1)


def test_from_the_home_to_the_rows_of_a_number_by_keyboard(page, context, live_server):
    shop = make_shop()
    [shipment, *_] = some(shop)
    log_in(context, live_server.url, make_member(shop))

    page.goto("/")
    page.get_by_role("link", name=re.compile("^Average delivery time")).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Average delivery time")
    page.get_by_role("link", name=str(shipment.tracking_number)).press("Enter")
    expect(page).to_have_url(re.compile(f"/shipments/{shipment.id}$"))


def test_days_filters_and_views_are_chosen_without_scripts(
    browser, plain_static_files, live_server
):
    shop = make_shop()
    some(shop)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    log_in(context, live_server.url, make_member(shop))
    page = context.new_page()

    page.goto(f"/shops/{shop.slug}/analytics")
    page.get_by_text("Last 30 days", exact=True).first.click()
    page.get_by_role("link", name="Last 90 days").click()
    expect(page).to_have_url(re.compile(r"analytics/overview\?period=90d$"))
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Carrier").select_option("dhl")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("period=90d&carrier=dhl"))
    page.get_by_role("main").get_by_role("link", name="Claims").click()
    expect(page).to_have_url(re.compile(r"analytics/claims\?period=90d&carrier=dhl$"))
    page.get_by_text("Saved views").click()
    page.get_by_label("Save this view as").fill("Claims with DHL")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text("Saved as “Claims with DHL”.")
    page.goto(f"/shops/{shop.slug}/analytics")
    page.get_by_text("Saved views").click()
    page.get_by_role("link", name="Claims with DHL").click()
    expect(page).to_have_url(re.compile(r"analytics/claims\?period=90d&carrier=dhl$"))
    context.close()
