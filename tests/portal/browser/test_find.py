import re

import pytest
from playwright.sync_api import expect

from shops.models import Role
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.browser.visits import log_in, overflow, ship_varied, violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(context, live_server):
    shop = make_shop()
    log_in(context, live_server.url, make_member(shop, Role.ADMIN))
    return shop


def test_an_order_is_found_by_typing_and_opened_by_keyboard(page, shop):
    place(shop, order_number="A-1001")
    wanted = fulfil(shop, place(shop, order_number="A-1002"), "111111")
    page.goto(f"/shops/{shop.slug}/shipments")
    box = page.get_by_role("combobox", name="Find anything")

    page.keyboard.press("/")
    page.keyboard.type("a-100")
    expect(page.get_by_role("listbox", name="Found").get_by_role("option")).to_have_count(5)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#found-heard")).to_have_text("Orders: 2, shipments: 0, pages: 0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-activedescendant", "found-order-2")
    expect(
        page.get_by_role("listbox", name="Found").get_by_role("option", selected=True)
    ).to_contain_text("A-1002")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/orders/{wanted.id}$"))


def test_escape_closes_what_was_found_and_then_leaves_the_box(page, shop):
    page.goto(f"/shops/{shop.slug}")
    box = page.get_by_role("combobox", name="Find anything")

    page.keyboard.press("/")
    page.keyboard.type("orders")
    expect(page.get_by_role("option", name="Orders", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("orders")
    page.keyboard.press("ArrowUp")
    expect(
        page.get_by_role("listbox", name="Found").get_by_role("option", selected=True)
    ).to_contain_text("All claims")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    expect(box).not_to_be_focused()


def test_what_was_found_goes_when_the_text_does(page, shop):
    page.goto(f"/shops/{shop.slug}")

    page.keyboard.press("/")
    page.keyboard.type("orders")
    expect(page.get_by_role("listbox")).to_be_visible()
    for _ in "orders":
        page.keyboard.press("Backspace")

    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_question_mark_shows_the_shortcuts(page, shop):
    page.goto(f"/shops/{shop.slug}/orders")

    page.keyboard.press("/")
    page.keyboard.type("?")
    expect(page).to_have_url(re.compile("/orders$"))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")

    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


def test_rows_are_walked_ticked_and_opened_by_keyboard(page, shop):
    for number in ("1", "2", "3"):
        place(shop, order_number=number)
    page.goto(f"/shops/{shop.slug}/orders")
    ticks = page.locator("input.tick")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(ticks.nth(1)).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(ticks.nth(1)).not_to_be_checked()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("2")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_finding_breaks_no_rule_of_accessibility(page, shop, colours):
    ship_varied(shop)
    page.emulate_media(color_scheme=colours)
    broken = {}

    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/shops/{shop.slug}/shipments")
        page.keyboard.press("/")
        page.keyboard.type("1")
        page.locator("#found").get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        broken[f"{width} typing"] = violations(page), overflow(page)
        page.goto(f"/shops/{shop.slug}/find?q=1")
        broken[f"{width} page"] = violations(page), overflow(page)
        page.goto(f"/shops/{shop.slug}/find?q=nothing-of-that-kind")
        broken[f"{width} nothing"] = violations(page), overflow(page)
        page.goto(f"/shops/{shop.slug}/shortcuts")
        broken[f"{width} shortcuts"] = violations(page), overflow(page)

    assert all(found == ([], 0) for found in broken.values()), broken


def test_it_finds_without_scripts(browser, live_server):
    shop = make_shop()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    log_in(context, live_server.url, make_member(shop))
    page = context.new_page()
    for number in ("A-1", "A-2"):
        place(shop, order_number=number)

    page.goto(f"/shops/{shop.slug}")
    page.get_by_role("combobox", name="Find anything").fill("a-")
    page.get_by_role("combobox", name="Find anything").press("Enter")
    page.get_by_role("link", name="A-2").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A-2")
    context.close()
