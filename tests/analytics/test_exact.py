"""Every number against plain SQL, whatever happened, and however the rollup stands."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from analytics.answering import answer
from analytics.catalogue.numbers import NUMBERS
from analytics.figures import HUNDREDTH_OF_A_CENT
from analytics.models import Mark
from analytics.questions import Dimension, Interval, Period, Question
from analytics.refresh import refresh
from analytics.self_check import check_sample
from tests.analytics.plain import percentiles, recount, summed
from tests.analytics.worlds import ZONES, World

pytestmark = pytest.mark.django_db

PERIOD = Period(date(2026, 3, 5), date(2026, 4, 9))
CHANGES = [name for name in dir(World) if name.startswith("do_")]
MONEY = {"revenue", "revenue_per_order"}


def assert_exact(world: World, period: Period = PERIOD, *, by: Sequence[str] = ()) -> None:
    """All numbers in all dimensions, or in some."""
    for name in (name for name in NUMBERS if name != "anomalies"):
        for dimension in by or ("", "day", "week", *NUMBERS[name].group_by):
            assert_as_plain(world, name, dimension, period)
    assert_percentiles(world, period)


def assert_as_plain(world: World, name: str, by: str, period: Period) -> None:
    shop = world.shop
    interval = Interval(by) if by in ("day", "week") else None
    group_by = (Dimension(by),) if by and interval is None else ()
    question = Question(
        number=name, period=period, interval=interval, group_by=group_by, compare=False
    )
    answered = answer(shop, question)
    plain = recount(shop, name, period.first, period.last, by)
    if not by:
        expected = {currency: pair for (_, currency), pair in plain.items()}
        found = {one.currency: one for one in answered.by_currency}
        for currency, (numerator, denominator) in expected.items():
            if numerator or denominator:
                assert_equal(found.pop(currency), numerator, denominator, name)
        assert not found
    # By currency, each of them has its own.
    one = shop.currency if name in MONEY and by != "currency" else None
    expected = summed(plain, currency=one)
    if interval is not None:
        found = {interval.start_of(point.from_).isoformat(): point for point in answered.series}
    elif group_by:
        found = {group.keys[0]: group for group in answered.groups}
    elif name != "carrier_scorecard":
        found = {"": answered}
    else:
        return
    for key, (numerator, denominator) in expected.items():
        assert_equal(found.pop(key), numerator, denominator, f"{name} by {by}: {key}")
    for key, left in found.items():
        assert not left.numerator, (name, by, key, left)
        assert not left.denominator, (name, by, key, left)


def assert_equal(found, numerator, denominator, what) -> None:
    if isinstance(found.numerator, float):
        assert abs(Decimal(found.numerator) - numerator) < Decimal("0.00001"), what
    else:
        assert found.numerator == numerator, what
    if found.denominator is None:
        return
    assert found.denominator == (denominator or 0), what
    if not denominator:
        assert found.value is None
    elif isinstance(found.value, Decimal):
        assert found.value == (numerator / denominator).quantize(HUNDREDTH_OF_A_CENT), what
    else:
        assert found.value == pytest.approx(float(numerator) / denominator), what


def assert_percentiles(world: World, period: Period) -> None:
    expected = percentiles(world.shop, period.first, period.last)
    question = Question(number="average_delivery_time", period=period, compare=False)
    parts = answer(world.shop, question).parts
    for name in ("median", "p90", "business_median", "business_p90"):
        assert float(parts[name].value) == pytest.approx(float(expected[name])), name
    assert parts["business_mean"].numerator == expected["business_sum"]
    assert parts["over_target"].numerator == expected["over_target"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "Australia/Lord_Howe"])
def test_every_number_is_as_plain_sql_has_it(zone):
    world = World(1, orders=100, timezone=zone)

    assert_exact(world)  # from the base tables alone
    refresh(world.shop)
    assert not Mark.objects.of(world.shop).exists()
    for _ in range(40):
        world.change()
    assert_exact(world)  # from the base tables where something changed, else from the rollup
    refresh(world.shop)
    assert_exact(world)  # from the rollup alone
    assert check_sample(world.shop, days=100) == []


@pytest.mark.parametrize("change", CHANGES)
def test_each_kind_of_change_is_seen_at_once(change):
    world = World(2, orders=40, timezone="Europe/Berlin")
    refresh(world.shop)
    for _ in range(4):
        getattr(world, change)()

    assert_exact(world, by=["day"])
    refresh(world.shop)
    assert check_sample(world.shop, days=100) == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=strategies.integers(0, 2**32),
    zone=strategies.sampled_from(ZONES),
    steps=strategies.lists(strategies.sampled_from([*CHANGES, "refresh"]), max_size=25),
)
def test_whatever_happens_in_whatever_order(seed, zone, steps):
    world = World(seed, orders=15, timezone=zone)
    for step in steps:
        if step == "refresh":
            refresh(world.shop)
        else:
            getattr(world, step)()

    assert_exact(world, by=["day"])
    assert_percentiles(world, PERIOD)
