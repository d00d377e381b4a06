"""A customer asks for their data, and then to be erased: as an admin of the shop does it."""

import json
import zipfile

import pytest

from claims.models import Reason
from jobs.work import work_off
from orders.models import Order
from portal.jobs.kinds import KINDS
from tests.factories import fulfil, make_claim, make_member, make_shop, place
from tests.portal.browser.visits import log_in, overflow, violations
from tests.privacy.conftest import media

__all__ = ["media"]

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "an-address-without-a-place-to-break-it@subdomain.example.com"


def check(page):
    """Wide and narrow, in both colours."""
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == []
            assert overflow(page) <= 0


def test_a_customer_is_found_exported_and_erased(page, context, live_server, media):
    shop = make_shop()
    admin = make_member(shop)
    order = fulfil(shop, place(shop, email_id=ADDRESS), "T1")
    make_claim(order, reason=Reason.DAMAGE, description="Broken")
    place(shop, email_id="other@example.com")
    log_in(context, live_server.url, admin)

    page.goto(f"/shops/{shop.slug}/settings")
    page.click("text=A customer’s data")
    check(page)
    page.fill("[name=address]", ADDRESS)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 order under this e-mail")
    check(page)
    page.click("text=Export it")
    page.wait_for_url("**/jobs/**")
    work_off(KINDS, seconds=60)
    page.wait_for_selector("text=Download the file")
    check(page)
    with page.expect_download() as download:
        page.click("text=Download the file")
    with zipfile.ZipFile(download.value.path()) as archive:
        held = json.loads(archive.read("customer.json"))["held"]
    assert held["claims_claim"][0]["description"] == "Broken"

    page.goto(f"/shops/{shop.slug}/customer-data")
    page.fill("[name=address]", ADDRESS)
    page.keyboard.press("Enter")
    page.click("text=Erase it…")
    page.wait_for_selector("text=Type the e-mail to confirm")
    check(page)
    page.fill("[name=typed]", ADDRESS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/**")
    work_off(KINDS, seconds=60)
    page.goto(f"/shops/{shop.slug}/orders/{order.id}")
    page.wait_for_selector("text=The customer of this order was erased")
    check(page)
    assert ADDRESS not in page.content()
    assert Order.objects.get(id=order.id).email_id == ""


def test_how_long_data_is_kept_is_shown_before_it_holds(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))

    page.goto(f"/shops/{shop.slug}/retention")
    check(page)
    page.fill("[name=order_months]", "12")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What would be forgotten now")
    check(page)
    page.click("text=Save it so")
    page.wait_for_selector("text=Saved.")

    assert page.input_value("[name=order_months]") == "12"
