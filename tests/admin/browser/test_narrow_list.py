"""The list of orders on a small laptop."""

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from tests.admin.pages import list_url
from tests.factories import fulfil, make_shop, place


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_last_column_is_seen_beside_sidebar_and_filter(back_office: Page, width: int):
    shop = make_shop(slug="shop-1234", name="Shop 1234")
    fulfil(shop, place(shop, order_number="1795625846"), "111111")
    back_office.set_viewport_size({"width": width, "height": 800})

    back_office.goto(list_url(Order))

    expect(back_office.locator("td.field-placed")).to_have_count(1)
    hidden = back_office.locator("#changelist .results").evaluate(
        "e => e.scrollWidth - e.clientWidth"
    )
    assert hidden == 0
