"""The search box in the head of every page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.find.orders import NEWEST_LOOKED_AT
from shops.models import Role
from tests.documented_order import PRODUCT
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def client(shop):
    return member_client(shop)


def typed(client, shop, text):
    """What the box shows while one types."""
    headers = {"HX-Request": "true", "HX-Target": "found"}
    return client.get(f"/shops/{shop.slug}/find", {"q": text}, headers=headers)


def found(response):
    """What is in bold: numbers of orders and parcels, names of pages."""
    return re.findall(r'class="found-what"><strong>([^<]*)<', response.content.decode())


def place_known(shop, number="A-1001", **said):
    address = {"zip_code": "82467", "name": "Jörg Müller", "city": "Garmisch"}
    known = {"address": address, "email_id": "joerg@example.com", "order_name": "#77", **said}
    known = {"products": [{**PRODUCT, "sku": "Mug-Blue-1"}], "external_id": "gid-9", **known}
    return place(shop, order_number=number, **known)


@pytest.mark.parametrize(
    "text",
    [
        *("A-1001", "a-10", "77", "#77", "gid-9", "joerg@example.com", "JOERG@exa", "82467"),
        *("Jörg Müller", "MÜLLER", "mueller", "Mu\u0308ller", "ller", "jörg 824", "  A-1001 "),
        *("mug-blue-1", "MUG-BL"),
    ],
)
def test_an_order_is_found_by_what_one_knows_of_it(shop, client, text):
    place_known(shop)
    nothing = {"order_name": "", "email_id": "b@b.example", "products": [], "external_id": "other"}
    place_known(shop, "B-2002", address={"zip_code": "10119", "name": "Ada"}, **nothing)

    assert found(typed(client, shop, text)) == ["A-1001"]


def test_an_order_is_found_by_its_id(shop, client):
    order = place(shop)
    place(shop)

    assert found(typed(client, shop, str(order.id))) == [order.order_number]


@pytest.mark.parametrize("text", ["00340434161094042557", "0034 0434 1610", "jjd00"])
def test_a_shipment_is_found_by_how_its_number_begins(shop, client, text):
    fulfil(shop, place(shop, order_number="x"), "00340434161094042557")
    fulfil(shop, place(shop, order_number="y"), "JJD0099")

    assert len(found(typed(client, shop, text))) == 1


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "\\", "\x00", "nobody", "a" * 500, "'; --", "ß"]
)
def test_what_fits_nothing_finds_nothing(shop, client, text):
    place(shop)

    response = typed(client, shop, text)

    assert (response.status_code, found(response)) == (200, [])


def test_nothing_of_another_shop_is_found(shop, client):
    other = make_shop()
    order = fulfil(other, place_known(other), "00340434161094042557")

    for text in ("A-1001", "Müller", "joerg", "82467", "mug", "00340434", str(order.id)):
        assert found(typed(client, shop, text)) == []


def test_what_is_rare_is_found_behind_all_that_is_newer(shop, client):
    long_ago = timezone.now() - timedelta(days=900)
    place_known(shop, order_placed_at=long_ago.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(_MORE_ORDERS, [NEWEST_LOOKED_AT, shop.id])

    assert found(typed(client, shop, "müller")) == ["A-1001"]


def test_the_number_comes_before_what_only_holds_it(shop, client):
    place(shop, order_number="7", email_id="", order_name="")
    place(shop, order_number="x-7", email_id="buyer-7@example.com", order_name="")

    assert found(typed(client, shop, "7"))[0] == "7"


def test_pages_are_found_by_who_may_open_them(shop, client):
    admin = member_client(shop, Role.ADMIN)

    assert found(typed(admin, shop, "api")) == ["API keys"]
    assert found(typed(client, shop, "api")) == []
    assert found(typed(client, shop, "shipm")) == ["Shipments"]


def test_pages_are_found_by_their_names_in_ones_own_language(shop, client):
    response = client.get(
        f"/shops/{shop.slug}/find", {"q": "sendu"}, headers={"Accept-Language": "de"}
    )

    assert response.headers["Location"] == f"/shops/{shop.slug}/shipments"


def test_without_scripts_it_is_a_page(shop, client):
    place_known(shop)
    fulfil(shop, place(shop, order_number="A-1002"), "A-10-PARCEL")

    response = client.get(f"/shops/{shop.slug}/find", {"q": "a-10"})

    assert set(found(response)) == {"A-1001", "A-1002", "A-10-PARCEL"}
    assert "Found for “a-10”" in text_of(response)
    assert 'value="a-10"' in response.content.decode()


def test_enter_leads_to_the_only_one_that_was_found(shop, client):
    order = place_known(shop)

    response = client.get(f"/shops/{shop.slug}/find", {"q": "A-1001"})

    assert response.headers["Location"] == f"/shops/{shop.slug}/orders/{order.id}"


def test_all_that_was_found_costs_as_many_queries_as_one(shop, client):
    fulfil(shop, place(shop, order_number="one-1", order_name="many-1"), "many-parcel-1")
    with CaptureQueriesContext(connection) as one:
        typed(client, shop, "many")
    for number in range(2, 6):
        order = place(shop, order_number=f"one-{number}", order_name=f"many-{number}")
        fulfil(shop, order, f"many-parcel-{number}")

    with CaptureQueriesContext(connection) as several:
        assert len(found(typed(client, shop, "many"))) == 10

    assert len(several) == len(one)


def test_every_page_of_a_shop_has_the_box_and_the_shortcuts(shop, client):
    for path in ("", "/orders", "/shipments", "/claims", "/analytics", "/shortcuts"):
        page = client.get(f"/shops/{shop.slug}{path}").content.decode()

        assert page.count('role="combobox"') == 1
        assert page.count("data-shortcuts") == 1


_MORE_ORDERS = """
    INSERT INTO orders_order (id, shop_id, order_number, external_id, state, order_placed_at,
      currency, discounts, address, segments, order_analytics, expected_number_of_shipments,
      created_at, updated_at)
    SELECT gen_random_uuid(), shop, 'N' || n, 'N' || n, 'placed', now(), 'EUR', '[]', '{}', '{}',
      '{}', 1, now(), now()
    FROM generate_series(1, %s) AS n, (SELECT %s::uuid AS shop) AS shops
"""
