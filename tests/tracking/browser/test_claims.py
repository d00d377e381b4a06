"""A customer reports what is wrong, in a real browser: without scripts, on a phone, accessibly."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim, ClaimPhoto, PhotoKind
from orders.tracking_link import tracking_token
from tests.claims.pictures import picture
from tests.factories import make_shop
from tests.portal.browser.visits import overflow, violations
from tests.tracking.claiming import delivered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path) -> None:
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "lamp.jpg"
    path.write_bytes(picture())
    return path


def open_order(page: Page, **shop: str) -> None:
    order = delivered(make_shop(**shop))
    page.goto(f"/t/{tracking_token(order.shop_id, order.id)}")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_question_on_a_phone_is_accessible_and_fits(page, photo, colours):
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=colours)
    open_order(page, name="Lamps and more")
    found: dict[str, object] = {}

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.wait_for_load_state("load")
        found[heading] = (violations(page), overflow(page))

    page.get_by_role("link", name="Report a problem").click()
    look("What is wrong?")
    page.get_by_role("button", name="Something is broken").click()
    look("What is wrong with it?")
    page.get_by_label("It is broken, though the parcel looked fine").check()
    page.get_by_role("button", name="Continue").click()
    look("Which products is it about?")
    page.get_by_label("Lamp").select_option("1")
    page.get_by_role("button", name="Continue").click()
    look("Show it in photos")
    page.get_by_label("Photos").set_input_files(photo)
    page.get_by_role("button", name="Add, then choose more").click()
    expect(page.get_by_role("img", name="Photo 1: lamp.jpg")).to_be_visible()
    look("Show it in photos")
    page.get_by_role("button", name="Continue").click()
    look("What would you like?")
    page.get_by_label("My money back").check()
    page.get_by_role("button", name="Continue").click()
    look("Is there anything else that the shop should know?")
    page.get_by_role("textbox").fill("The shade is torn.")
    page.get_by_role("button", name="Continue").click()
    look("Check what you have said, then send it")
    page.get_by_role("link", name="Change Message").click()
    page.get_by_role("textbox").fill("The shade is torn, and the foot is loose.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()
    look("Sent to the shop")

    assert Claim.objects.get().description == "The shade is torn, and the foot is loose."
    assert {name: what for name, what in found.items() if what != ([], 0)} == {}


def test_what_is_refused_says_so_first_and_leads_to_the_field(context):
    page = context.new_page()
    open_order(page)
    page.get_by_role("link", name="Report a problem").click()
    page.get_by_role("button", name="Something is broken").click()
    page.get_by_role("button", name="Continue").click()

    expect(page).to_have_title(re.compile("^Error: "))
    assert violations(page) == []
    page.get_by_role("alert").get_by_role("link", name="Choose one of the answers.").click()
    expect(page.get_by_role("radio").first).to_be_in_viewport()


def test_a_signature_may_be_drawn(page):
    open_order(page)
    page.get_by_role("link", name="Report a problem").click()
    page.get_by_role("button", name="My parcel has not arrived").click()
    for answer in ("Nothing has come so far", "No", "My money back"):
        page.get_by_label(answer, exact=True).check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your first and last name").fill("Jane Doe")
    canvas = page.locator("canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 60, steps=5)
    page.mouse.up()
    assert violations(page) == []
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the shop")
    signature = ClaimPhoto.objects.get()
    assert (signature.kind, signature.width) == (PhotoKind.SIGNATURE, 600)


def test_it_works_without_scripts_and_by_keyboard(
    browser: Browser, live_server, plain_static_files
):
    order = delivered(make_shop())
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/t/{tracking_token(order.shop_id, order.id)}/claims")

    page.get_by_role("button", name="My parcel has not arrived").press("Enter")
    for answer in ("Nothing has come so far", "No", "My money back"):
        page.get_by_label(answer, exact=True).press("Space")
        page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_label("Your first and last name").fill("Jane Doe")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send it").press("Enter")

    expect(page).to_have_url(re.compile(r"/claims/[0-9a-f-]{36}$"))
    assert Claim.objects.get().signed_by == "Jane Doe"
    context.close()
