import re
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Order
from shipments.feeds.simulator.play import play_due_scans
from shops.models import Role, Shop
from tests.factories import make_member, make_shop
from tests.portal.browser.visits import log_in, overflows, violations
from tests.webhooks.working import work_until
from webhooks.models import Delivery, DeliveryState

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_new_shop_to_its_first_delivered_test_parcel(page, context, live_server, settings):
    settings.BASE_URL = live_server.url
    first = make_shop()
    log_in(context, live_server.url, make_member(first, Role.ADMIN))

    # A new shop
    page.goto(f"/shops/{first.slug}/settings")
    page.get_by_role("link", name="Another shop").click()
    page.get_by_label("Name", exact=True).fill("Brand new")
    page.get_by_label("Name in addresses").fill("brand-new")
    page.get_by_role("button", name="Make the shop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up Brand new")
    shop = Shop.objects.get(slug="brand-new")
    expect(page.locator("#setup-count")).to_have_text("0 of 6 done")

    # A key, shown once, and the command that has it
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#step-key")).to_have_class(re.compile("setup-step-done"))
    secret = page.locator("#new-key").inner_text()
    command = page.locator("#step-order pre").inner_text()
    assert f"-u brand-new:{secret}" in command
    done = subprocess.run(["sh", "-ec", command], capture_output=True, text=True, check=True)
    assert done.stdout == "null"
    expect(page.locator("#step-order")).to_contain_text("TEST-1001")
    expect(page.locator("#new-key")).to_have_text(secret)

    # Its parcel arrives while one looks
    page.get_by_role("button", name="Send the parcel of TEST-1001").click()
    expect(page.locator("#step-parcel .status-word")).to_have_text("Announced to the carrier")
    play_due_scans(timezone.now() + timedelta(seconds=10))
    expect(page.locator("#step-parcel .status-word")).to_have_text("In transit")
    play_due_scans(timezone.now() + timedelta(minutes=1))
    expect(page.locator("#step-parcel .status-word")).to_have_text("Delivered")
    expect(page.locator("#setup-count")).to_have_text("3 of 6 done")
    assert Order.objects.of(shop).get().is_test

    # A webhook that is told
    page.get_by_role("button", name="Use the test inbox").click()
    expect(page.locator("#step-webhook code")).to_have_text(re.compile("^whsec_"))
    page.get_by_role("button", name="Send a test event").click()
    expect(page.locator("#step-webhook")).to_contain_text("is on its way")
    received = Delivery.objects.of(shop).filter(state=DeliveryState.SUCCEEDED)
    work_until(received.exists)
    expect(page.locator("#step-webhook")).to_contain_text("its signature is right")
    page.get_by_role("link", name="Look into the test inbox").click()
    expect(page.locator("#inbox")).to_contain_text("Karla-Signature: t=")
    assert violations(page) == []
    assert overflows(page, [360, 1280]) == {}
    page.go_back()

    # The page of its customers, and the others
    page.get_by_role("link", name="Logo, colours and preview").click()
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("link", name="Open the test parcel’s page").click()
    delivered = re.compile("delivered", re.IGNORECASE)
    expect(page.get_by_role("heading", level=1)).to_contain_text(delivered)
    page.goto(f"/shops/{shop.slug}/setup")
    page.get_by_role("link", name="Invite people").click()
    page.get_by_label("E-mail address").fill("grace@example.com")
    page.get_by_role("button", name="Invite").click()
    page.goto(f"/shops/{shop.slug}/setup")
    expect(page.locator("#setup-count")).to_contain_text("All set.")
    page.goto(f"/shops/{shop.slug}/orders")
    expect(page.get_by_role("link", name="Set up")).to_have_count(0)


def test_it_leads_through_without_scripts_and_without_a_terminal(browser, live_server):
    shop = make_shop()
    user = make_member(shop, Role.ADMIN)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    log_in(context, live_server.url, user)
    page = context.new_page()

    page.goto(f"/shops/{shop.slug}/setup")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#new-key")).to_be_visible()
    page.get_by_role("button", name="Place the same order from here").click()
    page.get_by_role("button", name="Send the parcel of TEST-1001").click()
    play_due_scans(timezone.now() + timedelta(minutes=1))
    page.get_by_role("link", name="Look for news").click()

    expect(page.locator("#step-parcel .status-word")).to_have_text("Delivered")
    expect(page.locator("#setup-count")).to_have_text("3 of 6 done")
    context.close()


def test_nothing_of_it_is_wider_than_the_window(page, context, live_server):
    shop = make_shop(name="W" * 60, slug="w" * 63)
    log_in(context, live_server.url, make_member(shop, email=f"{'w' * 64}@example.com"))

    page.goto(f"/shops/{shop.slug}/setup")
    page.get_by_role("button", name="Make the key").click()

    expect(page.locator("#new-key")).to_be_visible()
    page.wait_for_load_state()  # with its styles
    assert overflows(page, [360, 1280]) == {}
    page.goto(f"/shops/{shop.slug}/further-shop")
    assert overflows(page, [360, 1280]) == {}
