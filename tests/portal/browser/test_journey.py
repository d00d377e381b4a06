import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shipments.models import Feed, Shipment
from shipments.scans.inputs import ScanInput
from shipments.scans.record import record_scan
from shops.models import Membership
from tests.factories import PASSWORD, fulfil, make_member, make_shop, place
from tests.portal.browser.visits import log_in, overflow, overflows, place_varied

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_log_in_to_an_order_by_keyboard_alone(page):
    shop = make_shop()
    user = make_member(shop)
    place(shop, order_number="plain")
    fulfil(shop, place(shop, order_number="wanted"), "1Z999AA10123456784")

    page.goto("/")
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=shop.name, level=1)).to_be_visible()
    page.get_by_role("link", name="Orders", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Orders", level=1)).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("1z999aa1")
    expect(page.locator(".row-link")).to_have_text(["wanted"])
    expect(page).to_have_url(re.compile(r"/orders\?q=1z999aa1$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("wanted")
    expect(page.get_by_role("link", name="Orders").last).to_be_visible()


def test_chips_and_typing_narrow_the_list_together_and_back_undoes_it(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    place(shop, order_number="A-1")
    place(shop, order_number="B-1")
    fulfil(shop, place(shop, order_number="A-2"), "111111")

    page.goto(f"/shops/{shop.slug}/orders")
    page.get_by_role("link", name="Placed", exact=True).click()
    expect(page.locator(".row-link")).to_have_text(["B-1", "A-1"])
    page.get_by_role("searchbox").press_sequentially("A-")
    expect(page.locator(".row-link")).to_have_text(["A-1"])
    expect(page).to_have_url(re.compile(r"\?q=A-&state=placed$"))
    expect(page.locator("#heard")).to_have_text("1 order")
    page.go_back()

    expect(page.locator(".row-link")).to_have_count(3)


def test_from_an_order_to_what_an_event_means(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    order = place(shop)

    page.goto(f"/shops/{shop.slug}/orders/{order.id}")
    page.get_by_role("link", name="What the carriers’ events mean").click()
    held = []
    page.route(re.compile(r"language=de$"), lambda route: held.append(route), times=1)
    page.get_by_role("link", name="Deutsch").click()
    # Searched for while the answer in German is on its way: the search waits for it.
    page.get_by_role("searchbox", name="Search events").fill("nachbarn")
    page.keyboard.press("Enter")
    held.pop().continue_()
    expect(page.locator("#heard")).to_have_text("1 event")
    expect(page).to_have_url(re.compile(r"/events/catalogue\?q=nachbarn&language=de$"))

    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("rowheader")).to_contain_text("DELIVERED_TO_NEIGHBOUR")


def test_a_timeline_is_narrowed_and_turned_round_in_its_place(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    order = fulfil(shop, place(shop), "111111")
    page.set_viewport_size({"width": 360, "height": 800})

    page.goto(f"/shops/{shop.slug}/orders/{order.id}")
    page.evaluate("window.same = true")
    story = page.locator("#timeline")
    story.get_by_role("link", name="Oldest first").click()
    expect(story.locator(".sentence").first).to_contain_text("Order placed")
    story.get_by_role("link", name="Webhooks").click()
    expect(story).to_contain_text("Nothing of this kind is on record.")
    expect(story.get_by_role("link", name="Webhooks")).to_have_attribute("aria-current", "true")

    expect(page).to_have_url(re.compile(r"\?sort=oldest&kind=webhooks#timeline$"))
    assert page.evaluate("window.same")
    assert overflow(page) == 0
    page.go_back()
    expect(story).to_contain_text("Order placed")


def test_a_row_in_focus_shows_its_exact_times(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    placed_at = (timezone.now() - timedelta(hours=3)).isoformat()
    fulfil(shop, place(shop, order_placed_at=placed_at), "111111")

    page.goto(f"/shops/{shop.slug}/orders")
    page.keyboard.press("j")

    expect(page.locator(".row-link")).to_be_focused()
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for column in (".col-placed", ".col-state"):
            tip = page.locator(f"td{column} .moment-exact")
            expect(tip).to_be_visible()
            expect(tip).to_be_in_viewport(ratio=1)
        assert overflow(page) == 0


def test_state_and_parcels_do_not_run_into_each_other(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    order = fulfil(shop, place(shop, expected_number_of_shipments=2), "111111")
    said = {
        "event_name": "SUCCESSFULLY_DELIVERED",
        "event_time": timezone.now(),
        "external_id": "1",
    }
    shipment = Shipment.objects.of(shop).get(order=order, tracking_number="111111")
    record_scan(shipment, ScanInput.model_validate(said), feed=Feed.API)

    page.goto(f"/shops/{shop.slug}/orders")

    parcels = page.locator("td.col-parcels")
    expect(parcels).to_have_text("1 of 2 sent, 1 delivered")
    for width in (320, 360, 420, 560):
        page.set_viewport_size({"width": width, "height": 800})
        since = page.locator("td.col-state .status-since").bounding_box()
        dots = parcels.locator(".dots").bounding_box()
        assert since["x"] + since["width"] < dots["x"]
        assert overflow(page) == 0


def test_a_click_on_a_row_opens_its_order_and_a_product_is_added_to_it(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    place(shop, order_number="A-1", products=[{"title": "Cup"}])

    page.goto(f"/shops/{shop.slug}/orders")
    page.get_by_text("1 sent").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A-1")
    page.get_by_role("link", name="Edit", exact=True).click()
    lines = page.locator("#lines > li")
    expect(lines).to_have_count(1)
    page.get_by_role("button", name="Add a product").click()
    expect(lines).to_have_count(2)
    expect(lines.last.get_by_label("Product")).to_be_focused()
    page.keyboard.type("Saucer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The order is saved.")).to_be_visible()
    expect(page.get_by_text("Saucer").first).to_be_visible()


def test_colours_change_at_once_and_stay(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))

    page.goto(f"/shops/{shop.slug}/orders")
    page.get_by_text("Account").click()
    with page.expect_response("**/theme"):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 24)"


def test_the_typeface_is_ours(page):
    page.goto("/login")

    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('14px Karla'))")


WIDTHS = (360, 768, 1024, 1920)


def test_no_page_is_wider_than_its_window(page, context, live_server):
    shop, other = make_shop(name="W" * 60, slug="w" * 63), make_shop()
    user = make_member(shop, is_staff=True)
    Membership.objects.create(shop=other, user=user)
    order = place_varied(shop)
    page.goto("/login")
    found = {"/login": overflows(page, WIDTHS)}
    log_in(context, live_server.url, user)

    for path in (
        f"/shops/{shop.slug}/orders",
        f"/shops/{shop.slug}/orders?q=nothing&state=placed",
        f"/shops/{shop.slug}/orders/{order.id}",
        f"/shops/{other.slug}/orders",
        f"/shops/{shop.slug}/events/catalogue?language=de",
        f"/shops/{shop.slug}/events/catalogue?q=no-such-event",
        "/shops",
        "/password",
    ):
        page.goto(path)
        found[path] = overflows(page, WIDTHS)

    assert not any(found.values()), found


def test_it_works_without_scripts(browser, live_server):
    shop = make_shop()
    user = make_member(shop)
    place(shop, order_number="A-1")
    place(shop, order_number="B-1")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    log_in(context, live_server.url, user)
    page = context.new_page()

    page.goto(f"/shops/{shop.slug}/orders?state=placed")
    page.get_by_role("searchbox").fill("B-1")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile("state=placed"))
    expect(page.locator(".row-link")).to_have_text(["B-1"])
    page.locator(".row-link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("B-1")
    page.goto(f"/shops/{shop.slug}/events/catalogue?language=de")
    page.get_by_role("searchbox", name="Search events").fill("Nachbarn")
    page.get_by_role("searchbox", name="Search events").press("Enter")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    expect(page.get_by_role("rowheader")).to_contain_text("Beim Nachbarn abgegeben")
    page.get_by_text("Account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")

    context.close()
