"""The customers' pages in a real browser: small, for everybody, with nothing from elsewhere."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from engagement.announcements import announce
from engagement.design import Design, Link, save_design
from engagement.logo import read_logo
from engagement.models import ActionKind, PageAction, Rating
from engagement.preview import Preview, keep_preview
from engagement.scenes import scene_titles
from orders.tracking_link import tracking_token
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.browser.visits import log_in, overflow, overflows, violations
from tests.tracking.pages import PHONE, page_url, scan, ship

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 60_000


def logo():
    picture = Image.radial_gradient("L").resize((800, 220)).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return read_logo(file)


DRESSED = Design(
    accent="#ffb400",
    band="#12352c",
    logo=logo(),
    home_url="https://shop.example",
    texts={"en": {"greeting": "Thank you.", "help": "Write to us."}},
    links=(Link(url="https://shop.example/returns", labels={"en": "Returns"}),),
)


@pytest.fixture
def telephone(browser, plain_static_files, live_server):
    """A customer's, with scripts switched off."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        user_agent=PHONE,
        java_script_enabled=False,
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_scene_breaks_no_rule_of_accessibility(page, colours):
    shop = make_shop()
    key = keep_preview(Preview(shop_id=shop.id, design=DRESSED, announcements=("A strike.",)))
    plain = keep_preview(Preview(shop_id=shop.id, design=Design()))
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": 360, "height": 740})
    paths = [f"/t/preview/{plain}?story={name}&lang=de" for name in scene_titles()]
    paths += [f"/t/preview/{key}?story=failed_then_parcel_shop&step=6", f"/t/preview/{key}"]
    paths += [f"/t/find/{shop.slug}"]
    found = {}

    for path in paths:
        page.goto(path)
        for summary in page.locator("summary").all():
            summary.click()
        found[path] = violations(page)
        assert overflow(page) == 0, path

    assert not any(found.values()), found


def test_no_page_is_wider_than_its_window(page):
    key = keep_preview(Preview(shop_id=make_shop(name="W" * 60).id, design=DRESSED))

    for story in scene_titles():
        page.goto(f"/t/preview/{key}?story={story}&lang=de")
        assert overflows(page, [320, 360, 768, 1440]) == {}, story


def test_all_of_it_is_under_60_kb_and_from_nowhere_else(page, live_server):
    shop = make_shop()
    save_design(shop, DRESSED)
    announce(shop, texts={"en": "A strike. " * 20})
    order = place(shop, expected_number_of_shipments=3, products=[{"title": "Lamp"}] * 10)
    for number in range(2):
        order = fulfil(shop, order, f"0034043429213510018{number}")
        shipment = order.shipments.get(tracking_number=f"0034043429213510018{number}")
        for hour in range(8):
            at = timezone.now() - timedelta(hours=9 - hour)
            scan(shipment, "DEPARTURE_FROM_TRANSPORT_HUB", at, location="Leipzig, Germany")
    scan(shipment, "SUCCESSFULLY_DELIVERED")
    loaded = []
    page.on("response", lambda response: loaded.append((response.url, len(response.body()))))

    page.goto(page_url(order))
    page.wait_for_load_state("networkidle")

    assert len(loaded) >= 4
    assert all(url.startswith(live_server.url) for url, _ in loaded), loaded
    assert sum(size for _, size in loaded) < MOST_BYTES, loaded


def test_from_the_look_up_to_a_rating_and_a_change_of_it(telephone):
    shop = make_shop()
    shipment = scan(ship(shop, order_number="A-1"), "SUCCESSFULLY_DELIVERED")

    telephone.goto(f"/t/find/{shop.slug}")
    telephone.get_by_label("Order number").fill("A-1")
    telephone.get_by_label("ZIP code of the delivery address").fill("10118")
    telephone.get_by_role("button", name="Show my order").click()
    expect(telephone.get_by_role("alert")).to_contain_text("We could not find an order")
    telephone.get_by_label("ZIP code of the delivery address").fill("10119")
    telephone.get_by_role("button", name="Show my order").click()
    expect(telephone.get_by_role("heading", level=1)).to_contain_text("Delivered today")
    telephone.get_by_role("radio", name="4").check()
    telephone.get_by_label("Anything to add? (optional)").fill("On time.")
    telephone.get_by_role("button", name="Send rating").click()
    expect(telephone.get_by_role("status")).to_have_text("You gave 4 of 5. Thank you.")
    telephone.get_by_role("link", name="Deutsch").click()
    telephone.get_by_text("Ändern").click()
    telephone.get_by_role("radio", name="5").check()
    telephone.get_by_role("button", name="Bewertung senden").click()
    expect(telephone.get_by_role("status")).to_have_text("Sie haben 5 von 5 gegeben. Vielen Dank.")

    rating = Rating.objects.of(shop).get()
    assert (rating.score, rating.comment) == (5, "On time.")
    assert PageAction.objects.of(shop).filter(kind=ActionKind.OPENED).exists()
    assert telephone.context.cookies() == []
    assert shipment.order_id == rating.order_id


def test_a_parcel_is_watched_from_its_order_to_the_door(telephone, monkeypatch):
    monkeypatch.setattr("engagement.page_cache.FRESH", 0)
    shop = make_shop()
    order = place(shop)
    said = []

    def look():
        telephone.goto(page_url(order))
        said.append(telephone.get_by_role("heading", level=1).text_content())

    look()
    order = fulfil(shop, order, "00340434292135100186")
    look()
    shipment = order.shipments.get()
    scan(shipment, "OUT_FOR_DELIVERY", timezone.now() - timedelta(minutes=9))
    look()
    scan(shipment, "SUCCESSFULLY_DELIVERED")
    look()

    assert said[0] == "Your parcel is being prepared"
    assert said[1] == "Your parcel will be sent soon"
    assert said[2] != said[1]
    assert re.fullmatch(r"Delivered (today|yesterday), \d\d:\d\d", said[3])


def test_it_is_read_by_keyboard(page):
    shipment = scan(ship(make_shop()), "SUCCESSFULLY_DELIVERED")
    page.goto(page_url(shipment.order, "?lang=en"))

    page.get_by_role("radio", name="1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="3")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("You gave 3 of 5.")


def test_on_paper_every_step_is_there_and_nothing_to_click(page):
    shipment = scan(ship(make_shop()), "OUT_FOR_DELIVERY", location="Berlin, Germany")
    page.emulate_media(media="print")

    page.goto(page_url(shipment.order, "?lang=en"))

    expect(page.get_by_text("Berlin, Germany")).to_be_visible()
    expect(page.get_by_role("link", name="Deutsch")).to_be_hidden()
    expect(page.get_by_role("link", name="Track at")).to_be_hidden()


def test_the_link_does_not_leak_to_where_the_page_leads(page, live_server):
    shop = make_shop()
    save_design(shop, Design(links=(Link(url=f"{live_server.url}/healthz", labels={"en": "Us"}),)))
    order = place(shop)
    page.goto(page_url(order, "?lang=en"))

    with page.expect_request("**/healthz") as arrived:
        page.get_by_role("link", name="Us").click()

    assert "referer" not in arrived.value.all_headers()
    assert tracking_token(shop.id, order.id) not in arrived.value.url


def test_a_merchant_tries_out_a_colour_and_sees_it_in_the_preview(page, context, live_server):
    shop = make_shop(name="Lamps")
    log_in(context, live_server.url, make_member(shop))

    page.goto(f"/shops/{shop.slug}/tracking-page")
    page.get_by_label("Greeting, above everything (English)").fill("Thank you for your order.")
    page.get_by_role("button", name="Try it out").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Thank you for your order.")).to_be_visible()
    page.get_by_label("Story").select_option("lost")
    page.get_by_role("button", name="Show").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Your parcel was lost")
    expect(frame.get_by_text("Thank you for your order.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved. Customers see it within seconds.")).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_editor_breaks_no_rule_of_accessibility(page, context, live_server, colours):
    shop = make_shop()
    save_design(shop, DRESSED)
    announce(shop, texts={"en": "A strike."})
    log_in(context, live_server.url, make_member(shop))
    page.emulate_media(color_scheme=colours)
    found = []

    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/shops/{shop.slug}/tracking-page")
        found += violations(page)
        assert overflow(page) == 0

    assert found == []
