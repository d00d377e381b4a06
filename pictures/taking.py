"""Which pages are pictured, how wide, and under which name."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from playwright.sync_api import Browser, sync_playwright

from benchmarks.member import session_of
from orders.tracking_link import tracking_token
from seeding.demo import MERCHANT, SLUG
from shipments.models import Shipment
from shipments.phases import Flag, Phase
from shops.models import Shop, User

FOLDER = Path(settings.BASE_DIR) / "docs" / "images"
COLOURS = ("light", "dark")


@dataclass(frozen=True, kw_only=True)
class Picture:
    name: str
    path: str
    width: int = 1280
    height: int = 800
    sharpness: int = 1


def take_pictures(url: str) -> None:
    """Written to docs/images, as `<name>-light.png` and `<name>-dark.png`."""
    pictures, session = list(_pictures()), session_of(User.objects.get(email=MERCHANT))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for picture in pictures:
            for colours in COLOURS:
                _take(browser, picture, colours, url=url, session=session)
        browser.close()


def _take(browser: Browser, picture: Picture, colours: str, *, url: str, session: str) -> None:
    context = browser.new_context(
        base_url=url,
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=picture.sharpness,
        locale="en-GB",
        color_scheme="dark" if colours == "dark" else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    page = context.new_page()
    page.goto(picture.path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{picture.name}-{colours}.png")
    context.close()


def _pictures() -> Iterator[Picture]:
    shop = Shop.objects.get(slug=SLUG)
    shown, base = _shown(shop), f"/shops/{SLUG}"
    link = f"/t/{tracking_token(shop.id, shown.order_id)}?lang=en"
    yield Picture(name="home", path=base)
    yield Picture(name="orders", path=f"{base}/orders")
    yield Picture(name="order", path=f"{base}/orders/{shown.order_id}")
    yield Picture(name="delivery", path=f"{base}/analytics/delivery")
    yield Picture(name="tracking", path=link, width=390, height=780, sharpness=2)


def _shown(shop: Shop) -> Shipment:
    """The parcel on its way that most was heard of."""
    moving = Shipment.objects.of(shop).filter(
        flag=Flag.NORMAL, phase__in=[Phase.IN_TRANSIT, Phase.IN_DELIVERY]
    )
    return moving.annotate(heard=Count("scans")).order_by("-heard", "-id")[0]
