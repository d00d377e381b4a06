"""Pages go out small; downloads go out as they are made, and programs get what they always got."""

import gzip

import pytest
from django.test import Client

from tests.factories import make_shop
from tests.portal.pages import member_client, orders_url

pytestmark = pytest.mark.django_db

COMPRESSED = {"Accept-Encoding": "gzip"}


def test_a_page_is_compressed_for_who_understands_it():
    shop = make_shop()
    client = member_client(shop)

    plain = client.get(orders_url(shop))
    small = client.get(orders_url(shop), headers=COMPRESSED)

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(small.content)
    assert len(small.content) < len(plain.content) / 3


def test_a_download_is_sent_while_it_is_made():
    shop = make_shop()

    answer = member_client(shop).get(f"/shops/{shop.slug}/orders.csv", headers=COMPRESSED)

    assert "Content-Encoding" not in answer.headers
    assert b"order_number" in answer.getvalue()


def test_the_api_is_left_as_it_is():
    answer = Client().get(f"/v1/shops/{make_shop().slug}/orders", headers=COMPRESSED)

    assert "Content-Encoding" not in answer.headers
