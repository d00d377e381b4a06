"""Work by keyboard alone, with the focus in sight at every stop."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from orders.states import OrderState
from tests.factories import PASSWORD, make_member, make_shop, place
from tests.portal.browser.visits import log_in

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STOPS = 60
SHOWS_FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return isOutlined || style.boxShadow !== "none";
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Each stop on the way shows that it has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert page.evaluate(SHOWS_FOCUS), where
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached within {MOST_STOPS} stops")


def test_from_logging_in_to_a_tracking_that_is_saved(page):
    shop = make_shop()
    person = make_member(shop)
    order, _other = place(shop, order_number="A-1"), place(shop, order_number="B-1")

    page.goto("/login")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type(person.email)
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/shops/{shop.slug}")
    tab_to(page, page.get_by_role("link", name="Orders", exact=True).first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders")
    tab_to(page, page.get_by_role("link", name="Placed", exact=True))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("state=placed"))
    page.keyboard.press("/")
    page.keyboard.type("A-1")
    expect(page.get_by_role("option").filter(visible=True).first).to_contain_text("A-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.id}")
    tab_to(page, page.get_by_role("link", name="Add a tracking"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/tracking")
    tab_to(page, page.get_by_label("Tracking number"))
    page.keyboard.type("1Z999AA10123456784")
    tab_to(page, page.locator("main form button").last)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.id}")

    order.refresh_from_db()
    assert order.state == OrderState.FULFILLED


def test_somebody_is_invited_and_joins(page, context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop))
    page.goto(f"/shops/{shop.slug}/members")
    page.get_by_label("E-mail address").focus()

    page.keyboard.type("new@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    link = page.locator("code").inner_text()
    assert "/invitations/" in link
    context.clear_cookies()
    page.goto(urlsplit(link).path)
    tab_to(page, page.get_by_label("Your name"))
    page.keyboard.type("New Person")
    tab_to(page, page.get_by_label("Choose a password"))
    page.keyboard.type("a long pass phrase")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/shops/{shop.slug}")
