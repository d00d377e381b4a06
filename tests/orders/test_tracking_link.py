from uuid import UUID

import pytest

from common.ids import new_id
from orders.tracking_link import linked_order, tracking_page_url, tracking_token


def test_a_token_leads_to_its_shop_and_order():
    shop_id, order_id = new_id(), new_id()

    linked = linked_order(tracking_token(shop_id, order_id))

    assert linked is not None
    assert (linked.shop_id, linked.order_id) == (shop_id, order_id)


def test_the_url_is_the_products_own(settings):
    settings.BASE_URL = "https://track.example"

    url = tracking_page_url(new_id(), new_id())

    assert url.startswith("https://track.example/t/")
    assert linked_order(url.rsplit("/", 1)[1]) is not None


@pytest.mark.parametrize("position", [0, 20, 21, 42, 44, 57])
def test_a_changed_token_opens_nothing(position):
    token = tracking_token(new_id(), new_id())
    other = "A" if token[position] != "A" else "B"

    assert linked_order(token[:position] + other + token[position + 1 :]) is None


@pytest.mark.parametrize("token", ["", "x", "ü" * 59, "A" * 59, "A" * 60, "/" * 59, "\x00" * 59])
def test_what_is_no_token_opens_nothing(token):
    assert linked_order(token) is None


def test_links_outlive_a_new_key(settings):
    shop_id, order_id = new_id(), new_id()
    settings.ENCRYPTION_KEYS = ["the first key"]
    token = tracking_token(shop_id, order_id)

    settings.ENCRYPTION_KEYS = ["the second key", "the first key"]

    assert linked_order(token) is not None
    assert tracking_token(shop_id, order_id) != token


def test_a_key_that_was_taken_away_closes_its_links(settings):
    settings.ENCRYPTION_KEYS = ["the first key"]
    token = tracking_token(UUID(int=1), UUID(int=2))

    settings.ENCRYPTION_KEYS = ["the second key"]

    assert linked_order(token) is None
