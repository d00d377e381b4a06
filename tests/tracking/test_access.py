"""Who has an order's link sees that order, and nobody gets further by changing it."""

import pytest
from django.test import Client

from orders.tracking_link import tracking_token
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db


def test_the_link_opens_the_order():
    shop = make_shop()
    order = place(shop, order_name="A-1")

    response = Client().get(f"/t/{tracking_token(shop.id, order.id)}")

    assert response.status_code == 200
    assert "A-1" in response.content.decode()


@pytest.mark.parametrize("at", [0, 20, 30, 50])
def test_a_link_that_was_changed_anywhere_leads_nowhere(at):
    shop = make_shop()
    token = tracking_token(shop.id, place(shop).id)
    changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]

    assert Client().get(f"/t/{changed}").status_code == 404


def test_the_order_of_another_shop_is_not_found_under_ones_own():
    shop, other = make_shop(), make_shop()
    mixed = tracking_token(shop.id, place(other).id)

    assert Client().get(f"/t/{mixed}").status_code == 404


def test_a_form_on_another_site_is_refused():
    shop = make_shop()
    url = f"/t/{tracking_token(shop.id, place(shop).id)}"

    response = Client().post(url, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code in {403, 405}


@pytest.mark.parametrize(
    ("address", "back"), [("/parcels/{parcel}/rating", ""), ("/claims/begin", "/claims")]
)
def test_an_address_of_a_form_that_is_opened_as_a_page_leads_to_the_page_of_the_form(address, back):
    shop = make_shop()
    order = place(shop)
    url = f"/t/{tracking_token(shop.id, order.id)}"

    response = Client().get(f"{url}{address.format(parcel=order.shipments.get().id)}?lang=de")

    assert response.headers["Location"] == f"{url}{back}?lang=de"


@pytest.mark.parametrize("rest", ["/", "/claims/cut-off", "/links/first"])
def test_a_customer_who_mistypes_is_not_told_of_the_portal(rest):
    shop = make_shop()
    url = f"/t/{tracking_token(shop.id, place(shop).id)}{rest}"

    response = Client().get(url, headers={"Accept-Language": "de"})

    assert response.status_code == 404
    assert "Dieser Link führt nirgendwohin" in response.content.decode()
