"""Refusals that services word, as pages in German say them."""

import pytest

from shops.models import Role
from tests.factories import make_shop
from tests.portal.pages import member_client

pytestmark = pytest.mark.django_db

GERMAN = {"Accept-Language": "de"}


def test_a_url_that_webhooks_may_not_call():
    shop = make_shop()

    answer = member_client(shop, Role.ADMIN).post(
        f"/shops/{shop.slug}/webhooks/new",
        {"url": "http://shop.example/hook", "events": "orders"},
        headers=GERMAN,
    )

    assert "Die URL muss mit https:// beginnen" in answer.content.decode()


def test_credentials_that_cannot_be_any():
    shop = make_shop()

    answer = member_client(shop, Role.ADMIN).post(
        f"/shops/{shop.slug}/feeds/carriers/ups",
        {"client_id": "i", "client_secret": "a\u200bb"},
        headers=GERMAN,
    )

    assert "Das ist nicht „Client-Geheimnis“." in answer.content.decode()
