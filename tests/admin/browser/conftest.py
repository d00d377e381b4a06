"""A page of the back office, with somebody logged in."""

import pytest
from playwright.sync_api import Page

from shops.models import User
from tests.factories import PASSWORD


@pytest.fixture
def back_office(page: Page, transactional_db) -> Page:
    """The browser's page, with a superuser logged in by the form."""
    User.objects.create_superuser("ada@operator.example", PASSWORD)
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill("ada@operator.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    return page
