"""The rows behind a number: the very ones that it counts, and exactly as many."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest

from analytics.answering import answer
from analytics.catalogue.numbers import NUMBERS
from analytics.errors import QuestionInvalid
from analytics.questions import Dimension, Period, Question
from analytics.refresh import refresh
from analytics.rows import COUNTED, NUMERATOR, rows
from tests.analytics.worlds import World
from tests.api import ShopClient

pytestmark = pytest.mark.django_db

PERIOD = Period(date(2026, 3, 8), date(2026, 4, 5))
COUNTS_MONEY_OR_TIME = {"revenue", "revenue_per_order", "average_delivery_time"}


@pytest.fixture
def world() -> World:
    world = World(21, orders=120)
    refresh(world.shop)
    for _ in range(20):
        world.change()
    return world


def listed(world: World, question: Question, part: str = COUNTED) -> list[Any]:
    """All pages, each begun after the one before."""
    found: list[Any] = []
    after = None
    while True:
        page = rows(world.shop, question, part=part, after=after, size=50)
        found += page.rows
        after = page.next
        if after is None:
            break
    assert len({row["id"] for row in found}) == len(found)
    places = [(row["order_placed_at"], row["id"]) for row in found]
    assert places == sorted(places, reverse=True)
    return found


@pytest.mark.parametrize(
    "filters",
    [{}, {Dimension.CARRIER: "dhl"}, {Dimension.SEGMENT: "new", Dimension.COUNTRY: "DE"}],
)
def test_there_are_as_many_rows_as_the_number_counted(world, filters):
    for name in NUMBERS:
        assert_as_many_rows(world, name, filters)


def assert_as_many_rows(world, name, filters):
    question = Question(number=name, period=PERIOD, filters=filters, compare=False)
    answered = answer(world.shop, question)

    counted, in_numerator = listed(world, question), listed(world, question, NUMERATOR)

    of = answered.numerator if answered.denominator is None else answered.denominator
    if answered.unit == "money":
        of = sum(one.denominator or 0 for one in answered.by_currency)
    if name != "revenue":
        assert len(counted) == of
    if name in COUNTS_MONEY_OR_TIME:
        return
    assert len(in_numerator) == answered.numerator
    if answered.denominator is not None:
        hits = [row["id"] for row in counted if row["is_in_numerator"]]
        assert hits == [row["id"] for row in in_numerator]
    for excluded in answered.excluded:
        assert len(listed(world, question, excluded.key)) == excluded.count


def test_the_rows_of_revenue_add_up_to_it(world):
    for name in ("revenue", "revenue_per_order"):
        question = Question(number=name, period=PERIOD, compare=False)
        by_currency = answer(world.shop, question).by_currency
        found = listed(world, question, NUMERATOR)
        for one in by_currency:
            prices = [r["total_order_price"] or 0 for r in found if r["currency"] == one.currency]
            assert sum(prices) == one.numerator


def test_the_rows_of_delivery_times_add_up_to_the_average(world):
    question = Question(number="average_delivery_time", period=PERIOD, compare=False)

    found = listed(world, question)

    days = [float(row["delivery_days"]) for row in found]
    assert sum(days) / len(days) == pytest.approx(answer(world.shop, question).value, abs=0.0001)


def test_a_part_that_the_number_does_not_have_is_refused(world):
    with pytest.raises(QuestionInvalid, match="part"):
        rows(world.shop, Question(number="orders", period=PERIOD), part="unknown", size=5)


@pytest.mark.parametrize("name", ["orders", "average_delivery_time", "claims", "anomalies"])
def test_the_link_of_an_answer_leads_to_all_of_its_rows(world, name):
    client = ShopClient(world.shop, root="")
    path = f"/v1/shops/{world.shop.slug}/analytics/{name}"
    answered = client.get(f"{path}?from={PERIOD.first}&to={PERIOD.last}&country=de").json()
    link = answered["rows"].removeprefix("http://localhost")

    as_json, as_csv = [], []
    url = f"{link}&per_page=20"
    while url:
        page = client.get(url)
        as_json += page.json()
        as_csv += list(csv.DictReader(StringIO(client.get(f"{url}&format=csv").content.decode())))
        url = page.headers.get("Link", "").partition(">")[0].removeprefix("<http://localhost")

    question = Question(number=name, period=PERIOD, filters={Dimension.COUNTRY: "DE"})
    ids = [str(row["id"]) for row in listed(world, question)]
    assert [row["id"] for row in as_json] == ids
    assert [row["id"] for row in as_csv] == ids
    assert all(row["country"] == "DE" for row in as_json)


@pytest.mark.parametrize("name", NUMBERS)
def test_the_links_of_an_answer_and_of_its_groups_give_as_many_rows_as_were_counted(world, name):
    client = ShopClient(world.shop, root="")
    path = f"/v1/shops/{world.shop.slug}/analytics/{name}?from={PERIOD.first}&to={PERIOD.last}"
    splits = [(dimension,) for dimension in NUMBERS[name].group_by]

    for by in [*splits, NUMBERS[name].group_by[:2]]:
        answered = client.get(f"{path}&compare=false&group_by={','.join(by)}").json()

        assert_links_to_as_many(client, name, answered, answered)
        assert answered["groups"]
        for group in answered["groups"]:
            assert_links_to_as_many(client, name, answered, group)


def assert_links_to_as_many(client: ShopClient, name: str, answered: Any, counted: Any) -> None:
    link = counted["rows"].removeprefix("http://localhost")
    found = client.get(f"{link}&per_page=1000").json()
    if name == "revenue":
        total = sum(row["total_order_price"] or 0 for row in found)
        assert total == pytest.approx(counted["numerator"])
        return
    of = counted["numerator"] if counted["denominator"] is None else counted["denominator"]
    assert len(found) == of, link
    for excluded in answered["excluded"] if counted is answered else ():
        left_out = client.get(f"{link}&per_page=1000&part={excluded['key']}").json()
        assert len(left_out) == excluded["count"], (link, excluded)


def test_rows_are_narrowed_only_by_what_splits_up_their_number(world):
    client = ShopClient(world.shop, root="")
    path = f"/v1/shops/{world.shop.slug}/analytics"

    assert client.get(f"{path}/claims/rows?reason=damage").status_code == 200
    assert client.get(f"{path}/claim_rate/rows?reason=damage").status_code == 422
