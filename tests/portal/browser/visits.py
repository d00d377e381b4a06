"""How tests of the browser get where they look."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from orders.models import Order
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


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width
