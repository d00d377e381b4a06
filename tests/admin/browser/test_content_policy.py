"""The back office works under the strict content policy: the browser's console stays silent."""

from playwright.sync_api import Page

from orders.models import Order, OrderLine
from shipments.models import Shipment
from tests.admin.pages import change_url, list_url
from tests.factories import fulfil, make_member, make_shop, place


def test_staff_edit_an_order_and_see_its_history(back_office: Page):
    shop = make_shop()
    order = fulfil(shop, place(shop), "123456")
    back_office.goto(list_url(Order))
    back_office.get_by_role("link", name=order.order_number).click()
    back_office.get_by_label("E-mail:").fill("new@example.com")
    back_office.get_by_text("Add another Order line").click()
    back_office.locator("#id_lines-1-title").fill("Added by hand")

    back_office.get_by_role("button", name="Save and continue editing").click()
    back_office.get_by_text("was changed successfully").wait_for()
    back_office.get_by_role("link", name="History").click()

    back_office.get_by_text("jane@example.com").wait_for()
    assert OrderLine.objects.filter(order=order, title="Added by hand").exists()


def test_staff_detach_a_tracking_after_saying_yes(back_office: Page):
    shop = make_shop()
    fulfil(shop, place(shop), "123456")
    back_office.goto(change_url(Shipment.objects.get()))

    back_office.get_by_role("button", name="Detach the tracking").click()
    back_office.get_by_role("button", name="Yes, go on").click()

    back_office.get_by_text("Detached 123456.").wait_for()
    assert Shipment.objects.get().is_draft


def test_a_member_is_found_while_typing(back_office: Page):
    shop = make_shop()
    make_member(make_shop(), email="grace@example.com")
    back_office.goto(change_url(shop))
    back_office.get_by_text("Add another Membership").click()
    back_office.locator(".select2-selection").click()

    back_office.keyboard.type("grace")
    back_office.get_by_role("option", name="grace@example.com").click()
    back_office.get_by_role("button", name="Save and continue editing").click()

    back_office.get_by_text("was changed successfully").wait_for()
    assert shop.memberships.get().user.email == "grace@example.com"
