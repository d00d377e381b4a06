"""Which columns a list shows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import ChosenColumns, SavedFilter
from shops.models import Membership, Role
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

USUAL = ["Order", "Customer", "Placed", "State", "Parcels", "Total"]


@pytest.fixture
def shop():
    shop = make_shop()
    order = place(shop, email_id="ada@example.com", segments=["vip", "new"])
    fulfil(shop, order, "00340434161094042557")
    return shop


@pytest.fixture
def client(shop):
    return member_client(shop)


def heads(response):
    main = response.content.decode().partition("</main>")[0]
    return re.findall(r'<th scope="col"[^>]*>([^<]*)<', main)


def choose(client, shop, *columns, query="", room="orders", **said):
    said = {"column": columns, "query": query, **said}
    return client.post(f"/shops/{shop.slug}/{room}/columns", said)


def test_a_list_shows_the_usual_columns_at_first(shop, client):
    assert heads(client.get(f"/shops/{shop.slug}/orders")) == USUAL


def test_chosen_columns_stand_in_the_url_beside_the_filters(shop, client):
    response = choose(client, shop, "total", "segments", "email", query="q=ada&columns=state")

    address = f"/shops/{shop.slug}/orders?q=ada&columns=email,segments,total"
    assert response.headers["Location"] == address
    page = client.get(address)
    assert heads(page) == ["Order", "E-mail", "Segments", "Total"]
    assert "vip, new" in text_of(page)


def test_they_are_remembered_for_the_person_and_for_nobody_else(shop, client):
    choose(client, shop, "country")
    choose(client, shop, "email", room="shipments")

    assert heads(client.get(f"/shops/{shop.slug}/orders")) == ["Order", "Country"]
    assert heads(client.get(f"/shops/{shop.slug}/shipments")) == ["Shipment", "E-mail"]
    assert heads(member_client(shop).get(f"/shops/{shop.slug}/orders")) == USUAL


def test_they_are_remembered_in_each_shop_apart(shop, client):
    other = make_shop()
    Membership.objects.create(shop=other, user=shop.memberships.get().user, role=Role.VIEWER)
    place(other)
    choose(client, shop, "country")

    assert heads(client.get(f"/shops/{other.slug}/orders")) == USUAL


def test_the_url_counts_more_than_what_is_remembered(shop, client):
    choose(client, shop, "country")

    assert heads(client.get(f"/shops/{shop.slug}/orders?columns=zip")) == ["Order", "ZIP code"]


@pytest.mark.parametrize("chosen", [{"columns": ()}, {"columns": ("zip",), "usual": "on"}])
def test_nothing_or_the_usual_ones_are_the_usual_ones_again(shop, client, chosen):
    choose(client, shop, "country")

    response = choose(client, shop, *chosen.pop("columns"), **chosen)

    assert response.headers["Location"] == f"/shops/{shop.slug}/orders"
    assert heads(client.get(f"/shops/{shop.slug}/orders")) == USUAL
    assert not ChosenColumns.objects.exists()


def test_columns_that_do_not_exist_are_left_out(shop, client):
    said = f"/shops/{shop.slug}/orders?columns=nothing,zip,<b>"

    assert heads(client.get(said)) == ["Order", "ZIP code"]
    assert heads(client.get(f"/shops/{shop.slug}/orders?columns=nothing")) == USUAL


@pytest.mark.parametrize("room", ["orders", "shipments"])
def test_a_saved_view_keeps_filters_sort_and_columns(shop, client, room):
    query = "q=ada&sort=oldest&columns=email%2Czip"

    saved = client.post(f"/shops/{shop.slug}/{room}/filters", {"name": "Mine", "query": query})

    assert saved.headers["Location"] == f"/shops/{shop.slug}/{room}?{query}"
    assert SavedFilter.objects.of(shop).get(room=room).query == query
    page = client.get(f"/shops/{shop.slug}/{room}?{query}")
    assert heads(page)[1:] == ["E-mail", "ZIP code"]
    assert re.search(r'aria-current="true"><span class="popup-text">Mine<', page.content.decode())


def test_views_of_orders_and_of_shipments_do_not_mix(shop, client):
    query = "q=ada"
    client.post(f"/shops/{shop.slug}/orders/filters", {"name": "Mine", "query": query})

    assert "Mine" in text_of(client.get(f"/shops/{shop.slug}/orders/filters"))
    assert "Mine" not in text_of(client.get(f"/shops/{shop.slug}/shipments/filters"))


def test_what_a_viewer_shares_is_refused(shop, client):
    said = {"name": "Ours", "query": "q=ada", "is_shared": "on"}
    client.force_login(make_member(shop, Role.VIEWER))

    assert client.post(f"/shops/{shop.slug}/orders/filters", said).status_code == 403


def test_remembered_columns_cost_one_query(shop, client):
    with CaptureQueriesContext(connection) as named:
        client.get(f"/shops/{shop.slug}/orders?columns=zip")
    choose(client, shop, "zip")
    with CaptureQueriesContext(connection) as remembered:
        client.get(f"/shops/{shop.slug}/orders")

    assert len(remembered) == len(named) + 1
