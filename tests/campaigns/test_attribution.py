"""Which campaign brought an order, and why."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.evidence import evidence_of
from campaigns.models import Attribution
from campaigns.referral import Referral, read_referral, referral_text
from intake.inputs import UpsertInput
from intake.upsert import upsert_order, upsert_orders
from orders.models import Order
from tests.api import ShopClient
from tests.documented_order import documented_order
from tests.factories import make_campaign, make_discount, make_shop, place

pytestmark = pytest.mark.django_db

WITHOUT = {"discounts": [], "order_analytics": {}}


@pytest.fixture
def shop():
    return make_shop(slug="demo")


def attribution_of(order):
    return Attribution.objects.filter(order=order).first()


def brought(shop, **said):
    """The campaign's name, the way and the evidence, of an order that says this."""
    found = attribution_of(place(shop, **{**WITHOUT, **said}))
    return found and (found.campaign.name, found.way, found.evidence)


def link_of(shop, campaign, order):
    return referral_text(shop.id, Referral(campaign_id=campaign.id, order_id=order.id))


@pytest.mark.parametrize(
    ("analytics", "evidence"),
    [
        ({"utm_campaign": "Spring Sale"}, "utm_campaign=Spring Sale"),
        ({"utm_campaign": "spring_sale"}, "utm_campaign=spring_sale"),
        ({"campaign_code": "spring-sale"}, "campaign_code=spring-sale"),
        ({"campaignCode": "spring-sale"}, "campaignCode=spring-sale"),
        ({"campaign": {"name": "Spring sale"}}, "campaign.name=Spring sale"),
        ({"utm": {"utm_campaign": "spring-sale"}}, "utm_campaign=spring-sale"),
        (
            {"utm_campaign": "spring-sale", "utm_source": "mail", "utm_medium": "email"},
            "utm_campaign=spring-sale, utm_source=mail, utm_medium=email",
        ),
        (
            {"landing_site": "/x?a=1&utm_campaign=spring-sale&utm_source=mail"},
            "utm_campaign=spring-sale, utm_source=mail",
        ),
        ([], None),
        ({"utm_campaign": "another"}, None),
        ({"source": "spring-sale", "medium": "spring-sale"}, None),
    ],
)
def test_analytics_name_a_campaign_in_many_spellings(shop, analytics, evidence):
    make_campaign(shop, name="Spring sale")

    found = brought(shop, order_analytics=analytics or {})

    assert found == (evidence and ("Spring sale", "analytics", evidence))


def test_a_campaigns_id_is_taken_wherever_a_campaign_is_named(shop):
    campaign = make_campaign(shop, name="One")

    for name in ("campaign_id", "utm_campaign", "campaign"):
        said = {name: str(campaign.id)}
        assert brought(shop, order_analytics=said) == ("One", "analytics", f"{name}={campaign.id}")


def test_a_discount_code_of_a_campaign_brings_it_in_any_case(shop):
    discount = make_discount(shop, code="Thanks10")
    make_campaign(shop, name="One", discount_id=discount.id)

    found = brought(shop, discounts=[{"code": "other"}, {"code": "THANKS10"}])

    assert found == ("One", "discount", "discount code THANKS10")
    assert brought(shop, discounts=[{"code": "THANKS"}]) is None


def test_the_strongest_wins_analytics_then_discount_then_referral(shop):
    discount = make_discount(shop)
    make_campaign(shop, name="By analytics", segment="a", code="a")
    make_campaign(shop, name="By discount", segment="b", discount_id=discount.id)
    referring = make_campaign(shop, name="By referral", segment="c")
    first = place(shop, **WITHOUT)
    ref = link_of(shop, referring, first)

    said = [
        brought(shop, order_analytics=analytics, discounts=discounts)
        for analytics, discounts in [
            ({"utm_campaign": "a", "karla_ref": ref}, [{"code": discount.code}]),
            ({"karla_ref": ref}, [{"code": discount.code}]),
            ({"utm_campaign": "unknown", "karla_ref": ref}, [{"code": "unknown"}]),
        ]
    ]

    assert [found[:2] for found in said] == [
        ("By analytics", "analytics"),
        ("By discount", "discount"),
        ("By referral", "referral"),
    ]
    assert set(Attribution.objects.values_list("referring_order_id", flat=True)) == {first.id}


@pytest.mark.parametrize(
    "analytics",
    [
        {"karla_ref": "{}"},
        {"landing_page": "https://shop.example/?x=1&karla_ref={}"},
        {"attributes": [{"name": "karla_ref", "value": "{}"}]},
        {"note": "karla_ref={}"},
    ],
)
def test_the_referral_is_found_where_shops_keep_it(shop, analytics):
    campaign = make_campaign(shop, name="One")
    ref = link_of(shop, campaign, place(shop, **WITHOUT))
    filled = json.loads(json.dumps(analytics).replace("{}", ref))

    assert brought(shop, order_analytics=filled)[:2] == ("One", "referral")


def test_a_referral_of_another_shop_or_made_up_names_nothing(shop):
    campaign, other = make_campaign(shop), make_shop()
    order = place(shop, **WITHOUT)
    theirs = link_of(other, campaign, order)
    mine = link_of(shop, campaign, order)
    forged = ("A" if mine[0] != "A" else "B") + mine[1:]

    assert read_referral(shop.id, mine) == Referral(campaign_id=campaign.id, order_id=order.id)
    for text in (theirs, forged, mine[:-1], "", "é" * 54):
        assert read_referral(shop.id, text) is None
        assert brought(shop, order_analytics={"karla_ref": text}) is None


def test_a_referral_outlives_a_change_of_the_keys(shop, settings):
    campaign, order = make_campaign(shop), place(shop, **WITHOUT)
    ref = link_of(shop, campaign, order)

    settings.ENCRYPTION_KEYS = ["a new key", *settings.ENCRYPTION_KEYS]

    assert read_referral(shop.id, ref) is not None
    settings.ENCRYPTION_KEYS = ["a new key"]
    assert read_referral(shop.id, ref) is None


def test_another_shops_campaigns_are_not_named(shop):
    stranger = make_shop()
    campaign = make_campaign(stranger, code="spring", discount_id=make_discount(stranger).id)
    code = campaign.discount.code

    assert brought(shop, order_analytics={"utm_campaign": "spring"}) is None
    assert brought(shop, order_analytics={"campaign_id": str(campaign.id)}) is None
    assert brought(shop, discounts=[{"code": code}]) is None


def test_no_campaign_brings_an_order_that_was_placed_before_it_started(shop):
    start = datetime(2026, 3, 1, tzinfo=UTC)
    make_campaign(shop, code="spring", starts_at=start, name="One")
    said = {"order_analytics": {"utm_campaign": "spring"}}

    assert brought(shop, order_placed_at="2026-02-28T23:59:59Z", **said) is None
    assert brought(shop, order_placed_at="2026-03-01T00:00:00Z", **said)
    make_campaign(shop, code="undated", segment="x", starts_at=None)
    said = {"order_analytics": {"utm_campaign": "undated"}}
    assert brought(shop, order_placed_at="2026-03-01T00:00:00Z", **said) is None
    assert brought(shop, order_placed_at=timezone.now().isoformat(), **said)


def test_of_two_campaigns_with_one_discount_the_one_that_started_last_counts(shop):
    discount = make_discount(shop)
    for name, year in (("Old", 2021), ("Newer", 2022), ("Too new", 2025)):
        make_campaign(
            shop,
            name=name,
            segment=name,
            starts_at=datetime(year, 1, 1, tzinfo=UTC),
            discount_id=discount.id,
        )

    assert brought(shop, discounts=[{"code": discount.code}])[0] == "Newer"


def test_a_link_of_its_own_page_brings_nothing_but_a_discount_still_does(shop):
    campaign = make_campaign(shop, name="One", code="one")
    order = place(shop, **WITHOUT)
    own = {"karla_ref": link_of(shop, campaign, order), "utm_campaign": "one"}
    client = ShopClient(shop)

    client.put({"order_analytics": own}, f"/orders/{order.id}/analytics")

    assert attribution_of(order) is None
    discount = make_discount(shop)
    make_campaign(shop, name="Two", segment="b", discount_id=discount.id)
    upsert_order(
        shop,
        UpsertInput.model_validate(
            {
                "id": order.order_number,
                "order": documented_order(
                    order_number=order.order_number,
                    external_id=order.external_id,
                    order_analytics=own,
                    discounts=[{"code": discount.code}],
                ),
                "trackings": [],
            }
        ),
    )
    found = attribution_of(order)
    assert (found.campaign.name, found.way, found.referring_order_id) == ("Two", "discount", None)


def test_new_analytics_attribute_again_and_empty_ones_take_it_back(shop):
    make_campaign(shop, name="One", code="one")
    make_campaign(shop, name="Two", code="two", segment="b")
    order = place(shop, **WITHOUT)
    client, path = ShopClient(shop), f"/orders/{order.id}/analytics"
    names = []

    for analytics in ({"utm_campaign": "one"}, {"utm_campaign": "two"}, {"utm_campaign": "none"}):
        assert client.put(analytics, path).status_code == 200
        found = attribution_of(order)
        names.append(found and found.campaign.name)
    upsert_order(
        shop,
        UpsertInput.model_validate(
            {
                "id": order.order_number,
                "order_analytics": {"utm_campaign": "one"},
                "trackings": [],
            }
        ),
    )

    assert names == ["One", "Two", None]
    assert attribution_of(order).campaign.name == "One"


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["utm_campaign", "campaign", "campaign_id", "karla_ref", "name", "value", "x"]
            )
            | st.text(max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(analytics=HOSTILE, discounts=HOSTILE)
def test_whatever_the_analytics_hold_is_read_or_passed_over(analytics, discounts):
    order = Order(
        id=uuid4(), shop_id=uuid4(), order_analytics=analytics or {}, discounts=discounts or []
    )

    found, referring = evidence_of(order)

    assert referring is None
    for one in found:
        assert "\x00" not in one.words
        assert len(one.words) <= 255


def test_hostile_analytics_cost_no_order(shop):
    make_campaign(shop, code="spring")
    deep: object = "x"
    for _ in range(8):
        deep = {"campaign": [deep, deep] if _ < 3 else [deep]}
    said = {
        "utm_campaign": ["spring\u2028", {"a": 1e300}, None, True, "%00%ff"],
        "campaign": deep,
        "landing": "?utm_campaign=%00&karla_ref=%ff%fe&utm_campaign=" + "=&" * 2000,
        "karla_ref": "𝕬" * 54,
        "x" * 9_000: "utm_campaign=%00",
    }

    assert (
        ShopClient(shop)
        .put(
            {
                "id": "1",
                "order": documented_order(order_number="1", order_analytics=said),
                "trackings": [],
            }
        )
        .status_code
        == 200
    )


def bulk(shop, count, **said):
    items = {
        index: UpsertInput.model_validate(
            {
                "id": str(index),
                "order": documented_order(
                    order_number=str(index), external_id=str(index), **{**WITHOUT, **said}
                ),
                "trackings": [],
            }
        )
        for index in range(count)
    }
    with CaptureQueriesContext(connection) as queries:
        upsert_orders(shop, items)
    return [query["sql"] for query in queries if "campaigns_" in query["sql"]]


def test_orders_that_say_nothing_of_a_campaign_cost_no_statement(shop):
    make_campaign(shop)

    assert bulk(shop, 250) == []
    assert bulk(shop, 250, total_order_price=5) == []


def test_others_cost_one_statement_for_each_hundred_that_are_written(shop):
    make_campaign(shop, code="spring")

    statements = bulk(shop, 250, order_analytics={"utm_campaign": "spring"})

    assert len(statements) == 3
    assert Attribution.objects.count() == 250


def test_what_has_not_changed_is_not_attributed_again(shop):
    make_campaign(shop, code="spring")
    said = {"order_analytics": {"utm_campaign": "spring"}}
    bulk(shop, 3, **said)

    assert bulk(shop, 3, **said) == []
    assert bulk(shop, 3, total_order_price=1, **said) == []
    again = bulk(shop, 3, order_analytics={"utm_campaign": "spring", "utm_source": "mail"})
    assert [sql.split()[0] for sql in again] == ["DELETE", "WITH"]
    assert set(Attribution.objects.values_list("evidence", flat=True)) == {
        "utm_campaign=spring, utm_source=mail"
    }
    assert timezone.now() - Attribution.objects.first().attributed_at < timedelta(minutes=1)
