"""How addresses that people type are answered."""

import pytest
from django.test import Client

from tests.factories import make_member, make_shop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/login/", "/login"),
        ("/login//", "/login"),
        ("/shops/", "/shops"),
        ("/shops/some-shop/orders/?q=a&state=placed", "/shops/some-shop/orders?q=a&state=placed"),
    ],
)
def test_a_slash_at_the_end_of_a_page_is_taken_off(client, typed, meant):
    response = client.get(typed)

    assert (response.status_code, response.headers["Location"]) == (301, meant)


@pytest.mark.parametrize(
    "typed", ["//evil.example/", "///evil.example//", "/evil.example/", "/healthz/"]
)
def test_what_is_no_page_of_the_portal_leads_nowhere(client, typed):
    assert client.get("/", PATH_INFO=typed).status_code == 404


def test_a_form_is_not_sent_on(client):
    assert client.post("/login/", {}).status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_programs_are_told_that_there_is_nothing(method):
    shop = make_shop()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(shop))

    response = getattr(client, method)(f"/v1/shops/{shop.slug}/orders/")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/json"


def test_search_engines_are_asked_to_stay_out(client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain"
    assert response.content == b"User-agent: *\nDisallow: /\n"
