"""How tests of the browser get where they look."""

from collections.abc import Sequence
from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page

from orders.models import Order
from shipments.models import Feed, Shipment
from shipments.phases import PickupType
from shipments.scans.inputs import PickupInput, ScanInput, WindowInput
from shipments.scans.record import record_scan
from shops.models import Shop, User
from tests.documented_order import PRODUCT
from tests.factories import fulfil, place


def log_in(context: BrowserContext, url: str, user: User) -> None:
    """As a person would, but without typing."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


def place_varied(shop: Shop) -> Order:
    """Some orders with all that a page can show; answers the one that has the most."""
    place(shop, order_number="plain")
    fulfil(shop, place(shop, order_number="sent"), "1Z999AA10123456784", carrier_reference="ups")
    order = place(
        shop,
        order_number="partly-sent-with-a-rather-long-number-that-has-nowhere-to-break",
        expected_number_of_shipments=3,
        address={
            "zip_code": "82467",
            "name": "Maximiliane Freifrau von Hohenstein-Liebenfels",
            "city": "Garmisch-Partenkirchen",
            "country_code": "DE",
        },
        email_id="a-long-address-without-a-place-to-break-it@subdomain.example.com",
        order_analytics={"utm_source": "newsletter" * 8},
    )
    return fulfil(shop, order, "00340434161094042557" * 2, products=[PRODUCT])


def ship_varied(shop: Shop) -> Shipment:
    """Some shipments with all that their pages can show; answers the one that has the most."""
    ship(shop, "1Z999AA10123456784", "OUT_FOR_DELIVERY", carrier_reference="ups")
    ship(shop, "nobody-knows-1", tracking_company="A carrier that nobody knows")
    shipment = ship(
        shop,
        "00340434161094042557",
        "DEPARTURE_FROM_TRANSPORT_HUB",
        "DELIVERY_ATTEMPTED_NOBODY_HOME",
        "FORWARDED_TO_PARCEL_SHOP",
        carrier_reference="dhl",
        products=[PRODUCT],
    )
    window = WindowInput(start=timezone.now(), end=timezone.now() + timedelta(days=1))
    place_left = PickupInput(
        type=PickupType.SHOP,
        name="Kiosk an der Ecke",
        address="Invalidenstraße 117, 10115 Berlin",
        url="https://shop.example/kiosk",
        opening_hours="Mon–Fri 9–18",
        date_to=timezone.now() + timedelta(days=7),
    )
    report(shipment, "DELIVERED_TO_PARCEL_SHOP", window=window, pickup=place_left, minutes_ago=5)
    report(shipment, "DEPARTURE_FROM_TRANSPORT_HUB", minutes_ago=60 * 50, location="Leipzig")
    report(shipment, "DELIVERED_TO_PARCEL_SHOP", minutes_ago=5, external_id="the same again")
    report(shipment, "A_NAME_OF_THE_SHOP_ITSELF_RATHER_LONG_AND_NOWHERE_BROKEN", 3)
    place(shop, order_number="draft")
    return Shipment.objects.get(id=shipment.id)


def ship(shop: Shop, number: str, *names: str, **tracking: object) -> Shipment:
    address = {"zip_code": "10119", "city": "Berlin", "country_code": "DE", "name": "Ada Lovelace"}
    order = fulfil(shop, place(shop, address=address, segments=["vip"]), number, **tracking)
    shipment = Shipment.objects.of(shop).get(order=order, tracking_number=number)
    for hours, name in enumerate(reversed(names), start=1):
        report(shipment, name, minutes_ago=60 * hours, location="Berlin")
    return shipment


def report(
    shipment: Shipment,
    name: str,
    minutes_ago: int,
    *,
    window: WindowInput | None = None,
    pickup: PickupInput | None = None,
    **said: str,
) -> None:
    at = timezone.now().replace(microsecond=0) - timedelta(minutes=minutes_ago)
    said = {"external_id": f"{name}-{minutes_ago}", **said}
    scan = ScanInput(
        event_name=name, event_time=at, estimated_arrival=window, pickup=pickup, **said
    )
    record_scan(shipment, scan, feed=Feed.API)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def overflows(page: Page, widths: Sequence[int]) -> dict[int, int]:
    """By how many pixels it is wider than each of those windows, where it is at all."""
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if pixels := overflow(page):
            found[width] = pixels
    return found


def cut_off(cells: Locator) -> list[str]:
    """What those cells hold that are narrower than it; exact times come up beside them."""
    cells.locator(".moment-exact").evaluate_all("times => times.forEach(time => time.remove())")
    texts: list[str] = cells.evaluate_all(
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth)"
        ".map(cell => `${cell.textContent} ${cell.scrollWidth} > ${cell.clientWidth}`)"
    )
    return texts
