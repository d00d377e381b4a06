import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from orders.services import cancel_order
from shops.models import Shop
from tests.api import ShopClient
from tests.factories import fulfil, make_shop, place
from tests.portal.pages import member_client, numbers_in, orders_url, text_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)


def place_many(shop: Shop, count: int) -> list[str]:
    """Numbers of new orders, newest first; two at a time were placed in the same second."""
    for number in range(count):
        placed_at = (NOON + timedelta(hours=number // 2)).isoformat()
        place(shop, order_number=f"N{number}", order_placed_at=placed_at)
    return list(Order.objects.of(shop).newest_first().values_list("order_number", flat=True))


@pytest.mark.parametrize(
    "words",
    ["A-100", "ixf-77", "Ada@Example", "lovelace", "10999", "1Z999AA1", "1z999aa10", "ada 10999"],
)
def test_an_order_is_found_by_whatever_one_knows_of_it(words):
    shop = make_shop()
    address = {"zip_code": "10999", "name": "Ada Lovelace"}
    order = place(
        shop,
        order_number="A-100",
        order_name="IXF-77",
        email_id="ada@example.com",
        address=address,
    )
    fulfil(shop, order, "1Z999AA10123456784")
    place(shop, order_number="B-200")

    response = member_client(shop).get(orders_url(shop), {"q": words})

    assert numbers_in(response) == ["A-100"]
    assert "1 order " in text_of(response)


@pytest.mark.parametrize(
    ("name", "further"),
    [("#7", ""), ("# 7", ""), ("7", ""), ("", ""), ("#77", "#77"), ("X-7", "X-7")],
)
def test_a_name_that_only_repeats_the_number_is_not_said_beside_it(name, further):
    assert Order(order_number="7", order_name=name).further_name == further


@pytest.mark.parametrize("words", ["İNCE", "GROẞ", "100%_"])
def test_what_was_sent_is_found_by_the_same_letters(words):
    shop = make_shop()
    place(shop, order_number="A-100", address={"zip_code": "10999", "name": f"Ada {words}"})
    place(shop, order_number="B-200")

    response = member_client(shop).get(orders_url(shop), {"q": words})

    assert numbers_in(response) == ["A-100"]


def test_what_another_shop_has_is_never_found():
    shop, other = make_shop(), make_shop()
    fulfil(other, place(other, order_number="A-100"), "1Z999AA10123456784")
    client = member_client(shop)

    for words in ("A-100", "1Z999AA10123456784", "jane"):
        assert numbers_in(client.get(orders_url(shop), {"q": words})) == []


def test_a_state_narrows_the_list():
    shop = make_shop()
    place(shop, order_number="placed")
    fulfil(shop, place(shop, order_number="full"), "111111")
    fulfil(shop, place(shop, order_number="part", expected_number_of_shipments=3), "222222")
    cancel_order(place(shop, order_number="gone"))
    client = member_client(shop)

    found = {
        state: numbers_in(client.get(orders_url(shop), {"state": state}))
        for state in ("placed", "partially_fulfilled", "fulfilled", "cancelled")
    }

    assert found == {
        "placed": ["placed"],
        "partially_fulfilled": ["part"],
        "fulfilled": ["full"],
        "cancelled": ["gone"],
    }


@pytest.mark.parametrize("query", ["?state=lost", "?after=nonsense", "?q=%00", f"?q={'x' * 201}"])
def test_what_makes_no_sense_shows_nothing_rather_than_everything(query):
    shop = make_shop()
    place(shop)

    response = member_client(shop).get(orders_url(shop, query))

    assert (response.status_code, numbers_in(response)) == (200, [])
    assert "Show all orders" in text_of(response)


def test_a_country_is_called_by_its_name_in_the_language_of_the_page():
    shop = make_shop()
    place(shop, address={"zip_code": "1", "city": "Wien", "country_code": "at"})
    client = member_client(shop)
    query = "?country_code=Austria&columns=customer,country"

    german = client.get(orders_url(shop, query), headers={"Accept-Language": "de"})
    unknown = text_of(client.get(orders_url(shop, "?country_code=Atlantis")))

    assert "Wien, Österreich" in text_of(german)
    assert '<td class="col-more" data-label="Land">Österreich</td>' in german.content.decode()
    assert '<option value="Österreich">' in german.content.decode()
    assert "Land: Österreich" in text_of(german)
    assert "Country: There is no such country" in unknown


def test_pages_follow_each_other_without_gaps_and_lead_back():
    shop = make_shop()
    numbers = place_many(shop, 65)
    client = member_client(shop)

    first = client.get(orders_url(shop))
    second = follow(client, first, "next")
    third = follow(client, second, "next")
    back = follow(client, third, "prev")

    assert numbers_in(first) + numbers_in(second) + numbers_in(third) == numbers
    assert numbers_in(back) == numbers_in(second)
    assert numbers_in(follow(client, back, "prev")) == numbers_in(first)
    assert 'rel="next"' not in third.content.decode()
    assert "65 orders" in text_of(first)


def test_a_page_keeps_its_place_while_new_orders_arrive():
    shop = make_shop()
    place_many(shop, 40)
    client = member_client(shop)
    first = client.get(orders_url(shop))
    before = numbers_in(follow(client, first, "next"))

    place(shop, order_number="newest", order_placed_at="2026-11-01T00:00:00Z")

    assert numbers_in(follow(client, first, "next")) == before


def test_paging_keeps_the_filters():
    shop = make_shop()
    place_many(shop, 31)
    cancel_order(place(shop, order_number="N99"))

    page = member_client(shop).get(orders_url(shop), {"q": "N", "state": "placed"})

    assert "state=placed" in link(page, "next")
    assert "q=N" in link(page, "next")


def test_more_orders_cost_no_more_queries():
    few, many = make_shop(), make_shop()
    place_many(few, 2)
    place_many(many, 30)
    for order in Order.objects.of(many):
        fulfil(many, order, f"T{order.order_number}")

    assert queries_for(many) == queries_for(few) <= 11


def test_the_row_says_state_parcels_and_total():
    shop = make_shop()
    order = place(shop, order_number="A-1", expected_number_of_shipments=3, currency="PLN")
    fulfil(shop, order, "111111")

    page = text_of(member_client(shop).get(orders_url(shop)))

    assert "Partially fulfilled" in page
    assert "1 of 3 sent" in page
    assert "PLN 29.99" in page
    assert "Jane Doe Berlin, Germany" in page


def test_times_are_those_of_the_shop():
    shop = make_shop(timezone="Asia/Tokyo")
    place(shop, order_placed_at="2023-03-17T20:51:41Z")

    assert "Sat 18 Mar 2023, 05:51 JST" in text_of(member_client(shop).get(orders_url(shop)))


def test_htmx_gets_the_list_alone_and_the_address_to_show():
    shop = make_shop()
    place(shop, order_number="A-1")
    headers = {"HX-Request": "true", "HX-Target": "orders"}

    response = member_client(shop).get(orders_url(shop, "?q=A-1&state="), headers=headers)

    assert response.content.strip().startswith(b'<section id="orders"')
    assert response.headers["HX-Replace-Url"] == orders_url(shop, "?q=A-1")
    assert "HX-Request" in response.headers["Vary"]


def test_a_shop_without_orders_is_shown_how_to_send_the_first():
    shop = make_shop()
    client = member_client(shop)
    command = client.get(orders_url(shop)).context["command"]
    [body] = re.findall(r"-d '(.*)'", command, flags=re.DOTALL)

    sent = ShopClient(shop).put(body.encode())

    assert f"/v1/shops/{shop.slug}/orders" in command
    assert sent.status_code == 200
    assert numbers_in(client.get(orders_url(shop))) == ["TEST-1001"]


def follow(client, response, rel):
    return client.get(link(response, rel))


def link(response, rel):
    [href] = re.findall(rf'rel="{rel}" href="([^"]+)"', response.content.decode())
    return href.replace("&amp;", "&")


def queries_for(shop):
    client = member_client(shop)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(orders_url(shop), {"q": "N1"}).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country_code=at", ["B"]),
        ("country_code=Austria", ["B"]),
        ("country_code=%C3%B6sterreich", ["B"]),
        ("country_code=xx", []),
        ("segment=vip", ["A"]),
        ("segment=nobody", []),
        ("placed_from=2026-03-18", ["B"]),
        ("placed_to=2026-03-17", ["A"]),
        ("segment=vip&country_code=DE&state=placed&placed_to=2026-03-17", ["A"]),
        ("sort=oldest", ["A", "B"]),
        ("sort=sideways", []),
        ("placed_from=0001-01-01", []),
    ],
)
def test_the_list_is_narrowed_and_sorted_by_its_filters(query, found):
    shop = make_shop()
    german = {"zip_code": "10119", "country_code": "DE"}
    place(
        shop,
        order_number="A",
        segments=["vip"],
        address=german,
        order_placed_at=NOON.isoformat(),
    )
    later = (NOON + timedelta(days=1)).isoformat()
    austrian = {"zip_code": "1010", "country_code": "AT"}
    place(shop, order_number="B", segments=[], address=austrian, order_placed_at=later)

    assert numbers_in(member_client(shop).get(orders_url(shop, f"?{query}"))) == found
