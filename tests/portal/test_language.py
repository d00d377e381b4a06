import pytest
from django.test import Client

from jobs.models import JobRow
from jobs.work import work_off
from portal.jobs.kinds import KINDS
from tests.factories import fulfil, make_member, make_shop, place

pytestmark = pytest.mark.django_db


def logged_in(shop):
    client = Client()
    client.force_login(make_member(shop))
    return client


def test_pages_speak_the_browsers_language(client):
    page = client.get("/login", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"})

    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.content.decode()
    assert "Anmelden" in page.content.decode()


def test_a_chosen_language_goes_before_the_browsers(client):
    chosen = client.post(
        "/language", {"language": "de"}, headers={"Referer": "http://testserver/login"}
    )

    assert chosen.headers["Location"] == "http://testserver/login"
    assert "Anmelden" in client.get("/login", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize("nonsense", ["", "xx", "../de"])
def test_a_language_that_does_not_exist_is_not_kept(client, nonsense):
    response = client.post(
        "/language", {"language": nonsense}, headers={"Referer": "https://evil.example/"}
    )

    assert response.headers["Location"] == "/"
    assert "language" not in response.cookies


def test_states_are_named_in_the_language_of_the_page():
    shop = make_shop()
    place(shop)

    page = logged_in(shop).get(f"/shops/{shop.slug}/orders", headers={"Accept-Language": "de"})

    assert "Eingegangen" in page.content.decode()


def test_the_back_office_is_english():
    client = Client()
    client.force_login(make_member(make_shop(), is_staff=True, is_superuser=True))

    page = client.get("/admin/", headers={"Accept-Language": "de"})

    assert page.headers["Content-Language"] == "en"
    assert '<html lang="en' in page.content.decode()


def test_a_page_in_german_leaves_the_next_request_in_english(client):
    client.get("/login", headers={"Accept-Language": "de"})

    refused = client.get("/v1/shops/nobodys/orders", headers={"Accept-Language": "de"})

    assert refused.json()["message"].startswith("Send an API key")


def test_what_refuses_a_person_is_said_in_the_language_of_the_page():
    shop = make_shop()
    order = fulfil(shop, place(shop), "1Z999AA10123456784")
    client = logged_in(shop)

    page = client.post(
        f"/shops/{shop.slug}/orders/{order.id}/cancel",
        headers={"Accept-Language": "de"},
        follow=True,
    )

    assert "bevor Sie sie stornieren" in page.content.decode()


def test_rows_of_a_job_speak_the_language_of_who_asked():
    shop = make_shop()
    order = fulfil(shop, place(shop), "1Z999AA10123456784")
    client = logged_in(shop)

    client.post(
        f"/shops/{shop.slug}/jobs/do/cancel_orders",
        {"order": [order.id], "confirmed": "on"},
        headers={"Accept-Language": "de"},
    )
    work_off(KINDS, seconds=10)

    assert "bevor Sie sie stornieren" in JobRow.objects.get().message
