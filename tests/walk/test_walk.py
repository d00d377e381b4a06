"""Every page in a real browser, light, dark and on a telephone: nothing may be wrong with any."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from playwright.sync_api import BrowserContext

from tests.factories import PASSWORD
from tests.walk.listed import (
    ACCOUNT_WITH_SECOND_FACTOR,
    pages_of_account,
    pages_of_back_office,
    pages_of_customers,
    pages_of_portal,
)
from tests.walk.shown import Shown, make_shown
from tests.walk.walking import Walk

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown() -> Shown:
    return make_shown()


@pytest.fixture
def walk(context: BrowserContext) -> Walk:
    said: list[str] = []
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.route(lambda url: url.startswith("https://"), lambda route: route.abort())
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return Walk(page, said)


def log_in_by_hand(walk: Walk, shown: Shown) -> None:
    """Typing: the pages that ask for a password again want to have seen it."""
    walk.page.goto("/login")
    walk.page.fill("[name=username]", shown.person.email)
    walk.page.fill("[name=password]", PASSWORD)
    walk.page.click("main button")
    walk.page.wait_for_url("**/shops")


def test_nothing_is_wrong_with_any_page_of_the_portal(walk, shown):
    walk.visit({"portal:login": "/login"})
    log_in_by_hand(walk, shown)
    pages = pages_of_portal(shown)
    walk.visit(pages)

    assert walk.faults == {}


def test_nothing_is_wrong_with_any_page_of_an_account(walk, shown):
    log_in_by_hand(walk, shown)
    walk.visit(pages_of_account(shown))
    TOTP.activate(shown.person, generate_totp_secret())
    RecoveryCodes.activate(shown.person)
    walk.visit({f"{name} with one": reverse(name) for name in sorted(ACCOUNT_WITH_SECOND_FACTOR)})

    assert walk.faults == {}


def test_nothing_is_wrong_with_any_page_of_customers_and_the_one_of_programmers(walk, shown):
    walk.visit(pages_of_customers(shown))
    # Swagger UI weighs that much. Its rows are buttons with links in them, its headings leave a
    # step out, its title is outside its landmark; its colours, which were too pale, are ours.
    walk.awaited, walk.most_bytes = ".opblock", 600_000
    walk.without = ["nested-interactive", "heading-order", "region"]
    walk.visit({"docs": reverse("docs")})

    assert walk.faults == {}


def test_nothing_is_wrong_with_any_page_of_the_back_office(walk, shown):
    log_in_by_hand(walk, shown)
    walk.rules = ["wcag2a", "wcag2aa", "wcag21aa"]  # its templates leave good manners to others
    walk.without = ["aria-prohibited-attr"]  # its two lists to choose permissions from
    walk.visit(pages_of_back_office())

    assert walk.faults == {}
