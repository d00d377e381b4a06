import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intake.test_parcels import send_test_parcel
from orders.models import Order
from portal.models import SavedFilter
from shipments.feeds.simulator.stories import STORIES, Speed
from shipments.models import Shipment
from shops.models import Membership
from tests.factories import make_member, make_shop
from tests.portal.browser.visits import cut_off, log_in, overflow, overflows, ship, ship_varied

pytestmark = pytest.mark.django_db(transaction=True)


def paths(shop, shipment):
    base = f"/shops/{shop.slug}/shipments"
    return (
        base,
        f"{base}?flag=normal&country_code=DE&carrier_reference=dhl&sort=oldest",
        f"{base}?q=nothing&phase=collect",
        f"{base}/{shipment.id}",
        f"{base}/filters",
    )


WIDTHS = (360, 768, 1024, 1920)


def save_some(shop, user):
    SavedFilter.objects.create(shop=shop, name="Late ones in Austria", query="flag=delay")
    SavedFilter.objects.create(shop=shop, owner=user, name="W" * 60, query="phase=collect")


def test_no_page_of_shipments_is_wider_than_its_window(page, context, live_server):
    shop = make_shop(name="W" * 60, slug="w" * 63)
    user = make_member(shop, is_staff=True)
    Membership.objects.create(shop=make_shop(), user=user)
    shipment = ship_varied(shop)
    ship(shop, "X" * 200, "OUT_FOR_DELIVERY", tracking_company="Y" * 200)
    save_some(shop, user)
    log_in(context, live_server.url, user)
    found = {}

    for path in paths(shop, shipment):
        page.goto(path)
        found[path] = overflows(page, WIDTHS)
        for popup in page.locator("main details.popup > summary").all():
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.keyboard.press("Escape")
                popup.click()
                found[f"{path} {popup.text_content()} {width}"] = overflow(page)
                opened = page.locator("details.popup[open] > .popup-list")
                expect(opened).to_be_in_viewport(ratio=0.9)

    assert not any(found.values()), found


def test_a_number_its_state_and_its_times_are_whole(page, context, live_server):
    shop = make_shop()
    ship(shop, "00340434403959661825", "SHIPMENT_DATA_RECEIVED")
    placed = timezone.now() - timedelta(minutes=38)
    Shipment.objects.of(shop).update(phase_since=placed)
    Order.objects.of(shop).update(order_placed_at=placed)
    log_in(context, live_server.url, make_member(shop))

    page.goto(f"/shops/{shop.slug}/shipments")

    cells = page.locator("tbody").locator(".col-number, .col-state, .col-arrives, .col-placed")
    assert cells.count() == 4
    for width in (360, 768, 1120, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert cut_off(cells) == [], width


def test_a_test_parcel_can_be_stopped_without_scrolling_aside(page, context, live_server):
    shop = make_shop()
    send_test_parcel(shop, story=STORIES["failed_then_parcel_shop"], speed=Speed.A_DAY_IN_A_MINUTE)
    page.set_viewport_size({"width": 1280, "height": 1200})
    log_in(context, live_server.url, make_member(shop))

    page.goto(f"/shops/{shop.slug}/test-parcels")

    expect(page.get_by_role("button", name="Stop")).to_be_in_viewport(ratio=1)


def test_filters_chips_and_search_narrow_the_list_together_and_back_undoes_it(
    page, context, live_server
):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    ship(shop, "1Z-DHL-1", "OUT_FOR_DELIVERY", carrier_reference="dhl")
    ship(shop, "1Z-DHL-2", carrier_reference="dhl")
    ship(shop, "1Z-UPS-1", "OUT_FOR_DELIVERY", carrier_reference="ups")

    page.goto(f"/shops/{shop.slug}/shipments")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("combobox", name="Carrier").select_option("dhl")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".row-link")).to_have_text(["1Z-DHL-2", "1Z-DHL-1"])
    page.get_by_role("link", name="Out for delivery").click()
    expect(page.locator(".row-link")).to_have_text(["1Z-DHL-1"])
    expect(page.get_by_role("link", name="Carrier: DHL Paket")).to_be_visible()
    page.get_by_role("searchbox").press_sequentially("1z-dhl-2")
    expect(page.get_by_role("heading", level=2)).to_contain_text("No shipment matches")
    expect(page.locator("#heard")).to_have_text("0 shipments")
    expect(page).to_have_url(re.compile(r"\?q=1z-dhl-2&phase=in_delivery&carrier_reference=dhl$"))
    page.reload()
    expect(page.get_by_role("heading", level=2)).to_contain_text("No shipment matches")
    page.get_by_role("link", name="Search in all shipments").click()
    expect(page.locator(".row-link")).to_have_text(["1Z-DHL-2"])
    page.go_back()

    expect(page.get_by_role("heading", level=2)).to_contain_text("No shipment matches")


def test_from_the_list_to_a_shipment_and_its_order_by_keyboard(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    shipment = ship(shop, "1Z999AA10123456784", "OUT_FOR_DELIVERY", carrier_reference="ups")

    page.goto(f"/shops/{shop.slug}/orders")
    page.get_by_role("link", name="Shipments").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shipments")
    page.wait_for_load_state()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("1z999")
    expect(page).to_have_url(re.compile(r"\?q=1z999$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1Z999AA10123456784")
    expect(page.get_by_text("Out for delivery, by scan")).to_be_visible()
    page.get_by_role("link", name=shipment.order.order_number).first.press("Enter")
    expect(page).to_have_url(re.compile(f"/orders/{shipment.order_id}$"))
    page.get_by_role("link", name="Parcel 1 of 1").press("Enter")
    expect(page).to_have_url(re.compile(f"/shipments/{shipment.id}$"))
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Shipments").last.press("Enter")

    expect(page).to_have_url(re.compile(r"/shipments\?q=1z999$"))


def test_a_filter_is_saved_chosen_and_exported_without_scripts(browser, live_server):
    shop = make_shop()
    user = make_member(shop)
    ship(shop, "DHL-1", carrier_reference="dhl")
    ship(shop, "UPS-1", carrier_reference="ups")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    log_in(context, live_server.url, user)
    page = context.new_page()

    page.goto(f"/shops/{shop.slug}/shipments")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("combobox", name="Carrier").select_option("ups")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".row-link")).to_have_text(["UPS-1"])
    page.get_by_text("Saved views").click()
    page.get_by_label("Save this filter as").fill("By UPS")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_have_text("Saved as “By UPS”.")
    page.goto(f"/shops/{shop.slug}/shipments")
    page.get_by_text("Saved views").click()
    page.get_by_role("link", name="By UPS").click()
    expect(page.locator(".row-link")).to_have_text(["UPS-1"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()

    assert [line.split(",")[0] for line in lines] == ["tracking_number", "UPS-1"]
    context.close()
