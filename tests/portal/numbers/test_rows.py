"""The page of the rows that a number counts, and its CSV."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.catalogue.numbers import NUMBERS
from shops.models import Shop
from tests.factories import make_shop
from tests.portal.numbers.pages import delivered, sent, some
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db


def rows_page(shop: Shop, number: str, query: str = ""):
    return member_client(shop).get(f"/shops/{shop.slug}/numbers/{number}/rows{query}")


def rows_in(response) -> int:
    return response.content.decode().count('<th scope="row">')


def cells(response) -> list[dict[str, str]]:
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_lists_as_many_rows_as_it_counts(number):
    shop = make_shop()
    shipments = some(shop, 4)
    sent(shop, "1Z12345E0205271688", at=shipments[0].tracking_placed_at)

    response = rows_page(shop, number)

    chosen = next(one for one in response.context["listed"] if one.is_chosen)
    assert response.status_code == 200
    assert rows_in(response) == (int(chosen.count) if chosen.count else 5)  # of money, all orders


def test_what_was_left_out_can_be_listed_too():
    shop = make_shop()
    done = delivered(shop, "00340434161094042557")
    sent(shop, "1Z12345E0205271688", at=done.tracking_placed_at)

    counted = rows_page(shop, "delivery_success_rate")
    left_out = rows_page(shop, "delivery_success_rate", "?part=on_their_way")

    assert "1 still on their way" in text_of(counted).replace("\xa0", " ")
    assert f"/orders/{done.order_id}" in counted.content.decode()
    assert f"/orders/{done.order_id}" not in left_out.content.decode()
    assert rows_in(left_out) == 1


def test_rows_are_narrowed_like_the_number():
    shop = make_shop()
    delivered(shop, "00340434161094042557", carrier_reference="dhl")
    delivered(shop, "1Z12345E0205271688", carrier_reference="ups")

    response = rows_page(shop, "average_delivery_time", "?carrier=ups")

    assert rows_in(response) == 1
    assert "1Z12345E0205271688" in text_of(response)


def test_pages_of_rows_follow_each_other_and_none_is_missing(monkeypatch):
    monkeypatch.setattr("portal.numbers.rows.PER_PAGE", 2)
    shop = make_shop()
    some(shop, 5)
    client = member_client(shop)

    seen, address = 0, f"/shops/{shop.slug}/numbers/orders/rows?period=90d"
    while address:
        response = client.get(address)
        seen += rows_in(response)
        after = response.context["next"]
        address = (
            f"/shops/{shop.slug}/numbers/orders/rows?period=90d&after={after}" if after else ""
        )

    assert seen == 5


def test_rows_as_csv_are_all_rows_however_many_batches_that_takes(monkeypatch):
    monkeypatch.setattr("portal.numbers.rows.BATCH", 2)
    shop = make_shop()
    shipments = some(shop, 5)

    response = member_client(shop).get(f"/shops/{shop.slug}/numbers/shipments/rows.csv")

    assert sorted(row["tracking_number"] for row in cells(response)) == sorted(
        shipment.tracking_number for shipment in shipments
    )


def test_a_number_as_csv_has_its_series():
    shop = make_shop()
    some(shop)

    response = member_client(shop).get(f"/shops/{shop.slug}/numbers/orders.csv?period=7d")

    sections = [row["section"] for row in cells(response)]
    assert sections.count("series") == 7
    assert sections[0] == "total"


@pytest.mark.parametrize("path", ["no_such_number/rows", "orders/rows?part=none", "nothing.csv"])
def test_what_does_not_exist_is_not_found(path):
    shop = make_shop()

    assert member_client(shop).get(f"/shops/{shop.slug}/numbers/{path}").status_code == 404


def test_rows_of_other_shops_are_not_listed():
    shop, other = make_shop(), make_shop()
    some(shop, 1)
    foreign = delivered(other, "1Z12345E0205271688")

    page = rows_page(shop, "average_delivery_time")

    assert str(foreign.tracking_number) not in text_of(page)


def test_a_page_of_rows_costs_as_many_queries_for_many_rows_as_for_one():
    few, many = make_shop(), make_shop()
    some(few, 1)
    some(many, 9)

    costs = []
    for shop in (few, many):
        client, path = member_client(shop), f"/shops/{shop.slug}/numbers/shipments/rows"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 20
