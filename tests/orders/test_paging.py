"""Pages of a search: by number and by cursor, with and without filters."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.api import ShopClient
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("asked", ["per_page=2", "per_page=2&state=placed&segment=new"])
def test_following_the_links_meets_every_order_once_newest_first(asked):
    client = ShopClient(make_shop())
    placed = [place(client.shop, segments=["new"]).order_number for _ in range(5)]

    met, query = [], asked
    while query:
        answer = client.get(f"/orders?{query}")
        met.append([order["order_number"] for order in answer.json()])
        link = answer.headers.get("Link", "")
        query = urlsplit(link[1:].partition(">")[0]).query

    assert [len(page) for page in met] == [2, 2, 1]
    assert sorted(number for page in met for number in page) == sorted(placed)
    numbered = [client.get(f"/orders?{asked}&page={number}").json() for number in (1, 2, 3)]
    assert [[order["order_number"] for order in page] for page in numbered] == met


def test_a_link_keeps_what_was_asked_for():
    client = ShopClient(make_shop())
    for _ in range(2):
        place(client.shop, segments=["a & b"])

    link = client.get("/orders?segment=a+%26+b&per_page=1&page=1").headers["Link"]

    asked = dict(parse_qsl(urlsplit(link[1:].partition(">")[0]).query))
    assert asked.keys() == {"segment", "per_page", "cursor"}
    assert asked["segment"] == "a & b"
