"""A customer's whole journey in a real browser, and what the shop sees of it afterwards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from shops.models import Shop
from tests.api import ShopClient
from tests.claims.pictures import SECRET, picture
from tests.documented_order import documented_order
from tests.factories import make_campaign, make_member, make_shop
from tests.portal.browser.visits import log_in
from tests.tracking.pages import PHONE

pytestmark = pytest.mark.django_db(transaction=True)

LAMP = {"sku": "LAMP", "title": "Lamp", "quantity": 2, "price": 20}
TRACKING = "00340434292135100186"
LANDING = "https://shop.example/spring"


@dataclass(frozen=True, kw_only=True)
class Journey:
    """One that was made: what the customer left, and by whom it is seen."""

    shop: Shop
    api: ShopClient
    titles: list[str]
    """The page's first sentence, each time that it was looked at."""
    landed_on: str
    """The address in the shop to which the campaign led."""


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path) -> None:
    storages = {**settings.STORAGES}
    options = {**storages["default"]["OPTIONS"], "location": tmp_path / "stored"}
    settings.STORAGES = {**storages, "default": {**storages["default"], "OPTIONS": options}}


@pytest.fixture
def telephone(browser: Browser, plain_static_files, live_server, monkeypatch) -> Iterator[Page]:
    """A customer's, without scripts, who never waits for a kept page to grow old."""
    cache.clear()
    monkeypatch.setattr("engagement.page_cache.FRESH", 0)
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        user_agent=PHONE,
        java_script_enabled=False,
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.route(re.compile("^https://"), lambda route: route.fulfill(body="The shop"))
    yield page
    context.close()


@pytest.fixture
def journey(telephone: Page, tmp_path: Path) -> Journey:
    """Find the order, watch it move, claim, rate, follow the campaign, buy again."""
    shop = make_shop(name="Lamps and more")
    make_campaign(shop, name="Spring", code="spring")
    api = ShopClient(shop)
    buy(api, "A-1", external_id="A-1", products=[LAMP])

    find(telephone, shop)
    titles = watch(telephone, api)
    claim(telephone, tmp_path)
    rate(telephone)
    landed_on = follow_the_campaign(telephone)
    [referral] = parse_qs(urlsplit(landed_on).query)["karla_ref"]
    buy(
        api,
        "A-2",
        external_id="A-2",
        total_order_price=50,
        currency="EUR",
        discounts=[],
        order_analytics={"karla_ref": referral},
    )
    return Journey(shop=shop, api=api, titles=titles, landed_on=landed_on)


def test_the_customer_is_told_what_happens_and_needs_no_cookie(journey, telephone):
    assert journey.titles[:2] == ["Your parcel is being prepared", "Your parcel will be sent soon"]
    assert len(set(journey.titles)) == len(journey.titles) == 5
    assert re.fullmatch(r"Delivered (today|yesterday), \d\d:\d\d", journey.titles[-1])
    assert journey.landed_on.startswith(f"{LANDING}?utm_source=")
    assert telephone.context.cookies() == []


def test_its_traces_in_the_portal(journey, page, context, live_server):
    log_in(context, live_server.url, make_member(journey.shop))
    root = f"/shops/{journey.shop.slug}"
    page.goto(f"{root}/claims")
    page.get_by_role("row").filter(has_text="A-1").get_by_role("link").click()

    expect(page.get_by_text("The shade is torn.")).to_be_visible()
    photo = page.locator(".claim-photos img")
    expect(photo).to_have_count(1)
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("link", name="A-1", exact=True).click()
    expect(page.get_by_text("Rated 4 of 5").first).to_be_visible()
    expect(page.get_by_text("On time.").first).to_be_visible()
    expect(page.get_by_role("region", name="Claims")).to_contain_text("Pending")
    page.goto(f"{root}/campaigns")
    page.get_by_role("link", name="Spring", exact=True).click()
    for name, said in {"Shown": "1", "Clicked": "1", "Repeat orders": "1", "Revenue": "50"}.items():
        named = page.get_by_role("term").filter(has_text=re.compile(f"^{name}$"))
        fact = page.locator(".strip > div").filter(has=named)
        expect(fact.locator("dd")).to_contain_text(said)
    page.goto(f"{root}/orders")
    page.get_by_role("link", name="A-2", exact=True).click()
    brought = page.get_by_role("region", name="Repeat purchase")
    expect(brought.get_by_role("link", name="Spring")).to_be_visible()
    expect(brought.get_by_role("link", name="A-1")).to_be_visible()


def test_its_traces_in_the_api(journey):
    api = journey.api

    [claim] = api.get("/claims").json()
    [photo] = claim["image_urls"]
    sent = api.client.get(urlsplit(photo).path)

    assert claim["order_number"] == "A-1"
    assert claim["tracking_number"] == TRACKING
    assert (claim["reason"], claim["status"]) == ("partial_damage", "pending")
    assert claim["resolution_preference"] == "refund"
    assert claim["description"] == "The shade is torn."
    assert [(item["sku"], item["quantity"]) for item in claim["selected_items"]] == [("LAMP", 1)]
    stored = b"".join(sent.streaming_content)
    assert (sent["Content-Type"], stored[:2]) == ("image/jpeg", b"\xff\xd8")
    assert SECRET not in stored
    assert number(api, "customer_satisfaction") == (1, 1, 1)
    assert number(api, "claim_rate") == (0.5, 1, 2)
    assert api.order("A-2")["order_analytics"]["karla_ref"] in journey.landed_on


def number(api: ShopClient, name: str) -> tuple[float, float, float]:
    today = timezone.now().date()
    near = f"from={today - timedelta(days=2)}&to={today + timedelta(days=1)}"
    found = api.get(f"/analytics/{name}?{near}").json()
    return found["value"], found["numerator"], found["denominator"]


def buy(api: ShopClient, number: str, **said: Any) -> None:
    now = timezone.now().isoformat()
    order = documented_order(order_number=number, **{"order_placed_at": now, **said})
    response = api.post(order)
    assert response.status_code == 200, response.content


def find(page: Page, shop: Shop) -> None:
    page.goto(f"/t/find/{shop.slug}")
    page.get_by_label("Order number").fill("A-1")
    page.get_by_label("ZIP code of the delivery address").fill("10119")
    page.get_by_role("button", name="Show my order").click()
    page.wait_for_url(re.compile("/t/[^/]{20,}"))


def watch(page: Page, api: ShopClient) -> list[str]:
    """The title of the page, when nothing was sent yet and after each report."""
    title = page.get_by_role("heading", level=1)
    titles = [title.inner_text()]
    response = api.put({"id": "A-1", "trackings": [{"tracking_number": TRACKING}]})
    assert response.status_code == 200, response.content
    page.reload()
    titles.append(title.inner_text())
    [shipment] = api.order("A-1")["shipments"]
    reports = ("DEPARTURE_FROM_TRANSPORT_HUB", "OUT_FOR_DELIVERY", "SUCCESSFULLY_DELIVERED")
    for minutes, name in zip((30, 20, 10), reports, strict=True):
        at = (timezone.now() - timedelta(minutes=minutes)).isoformat()
        scan = {"event_name": name, "event_time": at, "external_id": name}
        response = api.post(scan, f"/shipments/{shipment['uuid']}/events")
        assert response.status_code in (200, 201), response.content
        page.reload()
        titles.append(title.inner_text())
    return titles


def claim(page: Page, folder: Path) -> None:
    path = folder / "lamp.jpg"
    path.write_bytes(picture())
    go_on = page.get_by_role("button", name="Continue")
    page.get_by_role("link", name="Report a problem").click()
    page.get_by_role("button", name="Something is broken").click()
    page.get_by_label("It is broken, though the parcel looked fine").check()
    go_on.click()
    page.get_by_label("Lamp").select_option("1")
    go_on.click()
    page.get_by_label("Photos").set_input_files(path)
    go_on.click()
    page.get_by_label("My money back").check()
    go_on.click()
    page.get_by_role("textbox").fill("The shade is torn.")
    go_on.click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the shop")
    page.get_by_role("link", name="Back to the order").click()


def rate(page: Page) -> None:
    page.get_by_role("radio", name="4").check()
    page.get_by_label("Anything to add? (optional)").fill("On time.")
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_role("status")).to_have_text("You gave 4 of 5. Thank you.")


def follow_the_campaign(page: Page) -> str:
    page.get_by_role("link", name="Look", exact=True).click()
    page.wait_for_url(f"{LANDING}**")
    return page.url
