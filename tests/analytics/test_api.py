"""Numbers over HTTP: parameters, refusals, and the two forms of an answer."""

import csv
from io import StringIO

import pytest

from analytics.catalogue.numbers import NUMBERS
from tests.api import ShopClient, assert_refused
from tests.factories import fulfil, make_shop, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> ShopClient:
    shop = make_shop(timezone="Europe/Berlin", currency="EUR")
    for number, at in (("1", "2026-03-01T23:30:00Z"), ("2", "2026-03-09T10:00:00Z")):
        order = place(shop, order_number=number, order_placed_at=at, total_order_price=30)
        fulfil(shop, order, f"1Z12345E020527168{number}", carrier_reference="ups")
    place(shop, order_number="3", order_placed_at="2026-03-10T10:00:00Z", currency="USD")
    return ShopClient(shop)


def test_an_answer_says_how_it_came_about(client):
    path = "/analytics/claim_rate?from=2026-03-01&to=2026-03-31&interval=week"

    answered = client.get(path).json()

    assert (answered["value"], answered["numerator"], answered["denominator"]) == (0.0, 0, 3)
    assert (answered["number"], answered["unit"]) == ("claim_rate", "share")
    assert (answered["from"], answered["to"]) == ("2026-03-01", "2026-03-31")
    assert (answered["timezone"], answered["currency"]) == ("Europe/Berlin", "EUR")
    assert answered["formula"] == "orders with a claim ÷ orders"
    assert answered["excluded"] == [
        {"key": "cancelled", "count": 0, "why": "cancelled before anything was sent"}
    ]
    weeks = {point["from"]: point["denominator"] for point in answered["series"]}
    assert weeks == {
        "2026-03-01": 0,  # a Sunday
        "2026-03-02": 1,  # half past midnight in Berlin
        "2026-03-09": 2,
        "2026-03-16": 0,
        "2026-03-23": 0,
        "2026-03-30": 0,
    }
    assert (answered["previous"]["from"], answered["previous"]["to"]) == (
        "2026-01-29",
        "2026-02-28",
    )
    assert (answered["year_before"]["from"], answered["year_before"]["to"]) == (
        "2025-03-01",
        "2025-03-31",
    )


def test_money_of_several_currencies_is_never_added_up(client):
    answered = client.get("/analytics/revenue?from=2026-03-01&to=2026-03-31").json()
    in_dollars = client.get("/analytics/revenue?from=2026-03-01&to=2026-03-31&currency=usd").json()

    assert (answered["value"], answered["currency"]) == (60, "EUR")
    assert {one["currency"]: one["value"] for one in answered["by_currency"]} == {
        "EUR": 60,
        "USD": in_dollars["value"],
    }
    assert in_dollars["currency"] == "USD"


def test_groups_have_keys_and_names(client):
    answered = client.get(
        "/analytics/average_delivery_time?from=2026-03-01&to=2026-03-31&group_by=carrier,country"
    ).json()
    unsent = client.get(
        "/analytics/orders?from=2026-03-01&to=2026-03-31&group_by=carrier&compare=false"
    ).json()

    [group] = answered["groups"]
    assert (group["keys"], group["labels"]) == (["ups", "DE"], ["UPS", "Germany"])
    assert {"median", "p90", "business_median", "over_target"} <= set(group["parts"])
    assert [(one["keys"], one["value"]) for one in unsent["groups"]] == [([None], 1), (["ups"], 2)]
    assert unsent["previous"] is None


def test_the_same_as_a_table(client):
    path = "/analytics/orders?from=2026-03-01&to=2026-03-31&interval=month&group_by=carrier"

    response = client.get(f"{path}&format=csv")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="orders-' in response.headers["Content-Disposition"]
    lines = list(csv.DictReader(StringIO(response.content.decode())))
    values = [(line["section"], line["key"], line["value"]) for line in lines]
    assert ("total", "", "3") in values
    assert ("series", "", "3") in values
    assert ("group", "ups", "2") in values


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("from=2026-03-02&to=2026-03-01", "payload_invalid"),
        ("from=yesterday", "payload_invalid"),
        ("to=0001-01-01", "payload_invalid"),
        ("from=2010-01-01&to=2026-03-01", "payload_invalid"),
        ("interval=hour", "payload_invalid"),
        ("group_by=colour", "payload_invalid"),
        ("group_by=reason", "payload_invalid"),
        ("group_by=carrier,carrier", "payload_invalid"),
        ("carrier=nobody", "payload_invalid"),
        ("currency=", "payload_invalid"),
        ("country=DE&country=AT", "payload_invalid"),
        ("form=2026-03-01", "parameter_unknown"),
    ],
)
def test_a_question_that_means_nothing_is_refused(client, query, key):
    assert_refused(client.get(f"/analytics/claim_rate?{query}"), 422, key)


def test_a_number_that_there_is_not_is_missing(client):
    for path in ("/analytics/happiness", "/analytics/happiness/rows"):
        assert_refused(client.get(path), 404, "number_not_found")


def test_every_number_is_in_the_list(client):
    listed = client.get("/analytics").json()

    assert [one["number"] for one in listed] == list(NUMBERS)
    assert all(one["definition"] and one["formula"] for one in listed)


def test_an_answer_that_is_still_the_same_is_not_sent_again(client):
    path = "/analytics/orders?from=2026-03-01&to=2026-03-31"
    etag = client.get(path).headers["ETag"]

    again = client.get(path, **{"If-None-Match": etag})
    place(client.shop, order_placed_at="2026-03-31T21:59:59Z")
    changed = client.get(path, **{"If-None-Match": etag})

    assert again.status_code == 304
    assert (changed.status_code, changed.json()["value"]) == (200, 4)
