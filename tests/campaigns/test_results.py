"""What came of a campaign, counted by hand beside it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from campaigns.choice import Variant, variant_of
from campaigns.lift import Share, Verdict
from campaigns.results import effect_of, results_of
from engagement.actions import record_action
from engagement.models import ActionKind, PageAction
from intake.inputs import UpsertInput
from intake.upsert import upsert_orders
from orders.models import Order
from orders.services import cancel_order
from tests.factories import make_campaign, make_shop, place

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def campaign(shop):
    return make_campaign(shop, code="spring")


def show(order, campaign, variant="a", *, days_ago=40):
    record_action(
        order.shop,
        order,
        kind=ActionKind.SHOWN,
        element="campaign",
        campaign_id=campaign.id,
        variant=variant,
    )
    at = NOW - timedelta(days=days_ago)
    PageAction.objects.filter(order=order, kind="shown", variant=variant).update(first_at=at)


def buy(shop, email, *, days_ago, **said):
    at = (NOW - timedelta(days=days_ago)).isoformat()
    return place(shop, email_id=email, order_placed_at=at, **said)


def effect(shop, campaign, days=30):
    return effect_of(shop, campaign, days=days, at=NOW)


def test_orders_are_counted_by_what_happened_on_their_pages_and_what_they_brought(shop, campaign):
    other = make_campaign(shop, segment="other")
    orders = [place(shop) for _ in range(5)]
    for order, variant in zip(orders, ("a", "b", "a", "holdout", "a"), strict=True):
        show(order, campaign, variant)
        show(order, campaign, variant)
    for order in orders[:2]:
        record_action(
            shop, order, kind=ActionKind.CLICKED, element="campaign", campaign_id=campaign.id
        )
    test_order = orders[4]
    Order.objects.filter(id=test_order.id).update(is_test=True)
    brought = {"order_analytics": {"utm_campaign": "spring"}}
    place(shop, total_order_price=10.5, **brought)
    place(shop, total_order_price=20, **brought)
    place(shop, total_order_price=7, currency="CHF", **brought)
    place(shop, total_order_price=None, **brought)
    cancel_order(place(shop, total_order_price=1_000, **brought))
    tested = place(shop, total_order_price=1_000, **brought)
    Order.objects.filter(id=tested.id).update(is_test=True)

    found = results_of(shop, [campaign, other])

    results = found[campaign.id]
    assert (results.shown, results.held_out, results.clicked) == (3, 1, 2)
    assert results.click_rate == pytest.approx(2 / 3)
    assert results.repeat_orders == 4
    assert results.revenue == {"EUR": Decimal("30.5"), "CHF": Decimal(7)}
    nothing = found[other.id]
    assert (nothing.shown, nothing.repeat_orders, nothing.revenue) == (0, 0, {})
    assert nothing.click_rate is None


def test_many_campaigns_cost_as_much_as_one(shop, django_assert_num_queries):
    campaigns = [make_campaign(shop, segment=str(number)) for number in range(5)]
    with django_assert_num_queries(2):
        results_of(shop, campaigns)


def test_who_bought_again_within_the_days_counts_once_by_the_first_page(shop, campaign):
    a, b, held, late = (buy(shop, f"{name}@x.example", days_ago=50) for name in "abhl")
    show(a, campaign, "a")
    show(b, campaign, "b")
    show(held, campaign, "holdout")
    show(late, campaign, "a")
    buy(shop, "A@X.example", days_ago=39)  # again, in another spelling
    buy(shop, "a@x.example", days_ago=38)  # and again: still one customer
    buy(shop, "h@x.example", days_ago=11)  # on the last day
    buy(shop, "l@x.example", days_ago=9)  # too late
    buy(shop, "b@x.example", days_ago=45)  # before it was shown
    cancel_order(buy(shop, "b@x.example", days_ago=20))
    second = buy(shop, "a@x.example", days_ago=37)
    show(second, campaign, "holdout", days_ago=36)  # the customer stays with A

    found = effect(shop, campaign)

    assert found.by_variant == {
        Variant.A: Share(part=1, whole=2),
        Variant.B: Share(part=0, whole=1),
        Variant.HOLDOUT: Share(part=1, whole=1),
    }
    assert found.lift.of == Share(part=1, whole=3)
    assert found.lift.verdict is Verdict.TOO_FEW
    assert (found.waiting, found.unknown) == (0, 0)
    assert effect(shop, campaign, days=90).waiting == 4


def test_who_cannot_be_known_or_has_days_left_is_said_and_not_counted(shop, campaign):
    show(buy(shop, "", days_ago=50), campaign)
    show(buy(shop, "new@x.example", days_ago=5), campaign, days_ago=4)
    tested = buy(shop, "t@x.example", days_ago=50)
    show(tested, campaign)
    Order.objects.filter(id=tested.id).update(is_test=True)

    found = effect(shop, campaign)

    assert (found.unknown, found.waiting) == (1, 1)
    assert found.lift.of == Share(part=0, whole=0)
    assert found.lift.value is None


def test_another_shops_orders_are_nobodys_repeat(shop, campaign):
    show(buy(shop, "a@x.example", days_ago=50), campaign)
    buy(make_shop(), "a@x.example", days_ago=30)

    assert effect(shop, campaign).lift.of == Share(part=0, whole=1)


def test_an_effect_that_was_made_is_found_within_its_interval(shop):
    """600 customers, of whom those who see it come back with 35 %, the others with 15 %."""
    campaign = make_campaign(shop, holdout_percent=30, alternative_properties={"title": "B"})
    items = {}
    for number in range(600):
        items[number] = _order(f"first-{number}", f"c{number}@x.example", NOW - timedelta(days=50))
    upsert_orders(shop, items)
    again, shown = {}, Counter()
    for order in Order.objects.of(shop):
        variant = variant_of(campaign, order.id)
        show(order, campaign, variant)
        shown[variant] += 1
        if shown[variant] % 20 < (3 if variant is Variant.HOLDOUT else 7):
            number = f"again-{order.order_number}"
            again[len(again)] = _order(number, order.email_id, NOW - timedelta(days=20))
    upsert_orders(shop, again)

    found = effect(shop, campaign)

    low, high = found.lift.interval()
    assert low < 0.20 < high
    assert found.lift.verdict is Verdict.MORE
    assert found.lift.against.whole == pytest.approx(180, abs=60)
    low, high = found.b_against_a.interval()
    assert low < 0 < high
    assert found.b_against_a.verdict is Verdict.UNCLEAR


def _order(number, email, at):
    said = {
        "order_number": number,
        "email_id": email,
        "order_placed_at": at.isoformat(),
        "address": {"zip_code": "1"},
    }
    return UpsertInput.model_validate({"id": number, "order": said, "trackings": []})
