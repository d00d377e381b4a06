"""The rollup: what makes it stale as a whole, how it heals, and that it is what is read."""

import os
import subprocess
import sys
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analytics.answering import answer, answers
from analytics.catalogue.numbers import NUMBERS
from analytics.dirt import dirt_of
from analytics.models import Mark, Moved, OrderDay, RolledUp
from analytics.questions import Dimension, Interval, Period, Question
from analytics.recompute import recompute
from analytics.refresh import (
    AT_ONCE,
    REMEMBER_MOVES,
    forget_moves,
    refresh,
    refresh_some,
    shops_to_refresh,
)
from analytics.rollups import SUBJECTS, version
from analytics.self_check import check_sample
from analytics.tasks import refresh_numbers
from karla_portal.embedded.environment import PROJECT
from orders.models import Order
from shops.models import Shop
from tests.analytics.plain import recount, summed
from tests.analytics.worlds import World
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db

PERIOD = Period(date(2026, 3, 1), date(2026, 4, 14))


def by_day(world: World) -> dict[str, int]:
    question = Question(number="orders", period=PERIOD, interval=Interval.DAY, compare=False)
    points = answer(world.shop, question).series
    return {point.from_.isoformat(): point.value for point in points if point.value}


def plain_by_day(world: World) -> dict[str, int]:
    plain = summed(recount(world.shop, "orders", PERIOD.first, PERIOD.last, "day"))
    return {day: int(numerator) for day, (numerator, _) in plain.items()}


def test_the_rollup_keeps_every_cell_of_every_subject():
    for subject, model in SUBJECTS:
        columns = {field.name for field in model._meta.concrete_fields}
        durations = {
            name
            for duration in subject.durations
            for name in (f"{duration}_buckets", f"{duration}_units")
        }
        assert columns == {
            *("shop", "dimension", "day", "key", "second_key", "currency"),
            *subject.cells,
            *durations,
        }


def test_clean_days_are_read_from_the_rollup_alone():
    world = World(1, orders=30)
    refresh(world.shop)
    questions = [
        Question(number=name, period=PERIOD, interval=Interval.DAY)
        for name in NUMBERS
        if name != "anomalies"
    ]

    with CaptureQueriesContext(connection) as queries:
        answers(world.shop, questions)

    assert not [one["sql"] for one in queries if "orders_order" in one["sql"].split("marked AS")[0]]


def test_the_home_page_s_numbers_take_few_queries():
    world = World(1, orders=5)
    refresh(world.shop)
    names = (
        *("orders", "delivery_success_rate", "average_delivery_time", "customer_satisfaction"),
        *("claim_rate", "revenue_per_order", "revenue", "on_time_rate"),
    )
    questions = [
        Question(number=name, period=PERIOD, interval=Interval.DAY, compare=True) for name in names
    ]

    with CaptureQueriesContext(connection) as queries:
        answers(world.shop, questions)

    # The state of the rollup, the marks, the target; cells of orders and of parcels, and
    # durations, of three periods; the cells beside satisfaction.
    assert len(queries) <= 18


def test_another_time_zone_is_another_day_for_every_order_at_once():
    world = World(2, orders=80, timezone="Europe/Berlin")
    refresh(world.shop)
    assert by_day(world) == plain_by_day(world)

    world.shop.timezone = "Pacific/Chatham"
    world.shop.save()

    assert by_day(world) == plain_by_day(world)
    assert world.shop in shops_to_refresh()
    refresh(world.shop)
    assert RolledUp.objects.get(shop=world.shop).timezone == "Pacific/Chatham"
    assert by_day(world) == plain_by_day(world)
    assert world.shop not in shops_to_refresh()


def test_every_process_has_the_same_definitions():
    said = "import django; django.setup(); from analytics.rollups import version; print(version())"
    versions = {
        subprocess.run(
            [sys.executable, "-c", said],
            cwd=PROJECT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "karla_portal.settings",
                "PYTHONHASHSEED": seed,
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert versions == {f"{version()}\n"}


def test_a_rollup_of_other_definitions_is_not_read():
    world = World(3, orders=20)
    refresh(world.shop)
    OrderDay.objects.of(world.shop).update(orders=1_000)
    RolledUp.objects.of(world.shop).update(version="of yesterday")

    assert by_day(world) == plain_by_day(world)
    refresh(world.shop)
    assert check_sample(world.shop, days=100) == []


def test_a_refresh_that_was_interrupted_goes_on():
    world = World(4, orders=80)

    batch = refresh_some(world.shop)

    assert batch
    assert 0 < batch.days <= AT_ONCE + 1
    assert Mark.objects.of(world.shop).exists()
    assert by_day(world) == plain_by_day(world)
    refresh(world.shop)
    assert not Mark.objects.of(world.shop).exists()
    assert by_day(world) == plain_by_day(world)


def test_a_day_that_changes_all_the_time_does_not_keep_later_ones_from_their_turn(monkeypatch):
    shop = make_shop()
    early = place(shop, order_placed_at="2026-03-01T12:00:00Z")
    late = place(shop, order_placed_at="2026-04-14T12:00:00Z")
    refreshed = []

    def recompute_and_change(shop: Shop, periods: list[Period]) -> None:
        recompute(shop, periods)
        refreshed.extend(period.first.isoformat() for period in periods)
        Order.objects.of(shop).filter(id=early.id).update(total_order_price=len(refreshed))

    monkeypatch.setattr("analytics.refresh.recompute", recompute_and_change)
    refresh_numbers()

    assert refreshed == ["2026-03-01", "2026-04-14"]
    hours = Mark.objects.of(shop).values_list("hour", flat=True)
    assert {hour.date() for hour in hours} == {early.order_placed_at.date()}
    assert late.order_placed_at.date() not in dirt_of(shop).days


def test_what_differs_from_the_tables_is_reported_and_heals():
    world = World(5, orders=40)
    refresh(world.shop)
    broken = OrderDay.objects.of(world.shop).filter(dimension="").first()
    OrderDay.objects.filter(pk=broken.pk).update(orders=broken.orders + 1)
    gone = (
        OrderDay.objects.of(world.shop).filter(dimension="country").exclude(day=broken.day).first()
    )
    OrderDay.objects.filter(pk=gone.pk).delete()

    found = {(one.subject, one.dimension, one.day) for one in check_sample(world.shop, days=100)}

    assert found == {("orders", "", broken.day), ("orders", "country", gone.day)}
    assert by_day(world) == plain_by_day(world)
    assert dirt_of(world.shop).days == {broken.day, gone.day}
    refresh(world.shop)
    assert check_sample(world.shop, days=100) == []


def test_a_change_that_no_number_is_made_of_marks_nothing():
    world = World(6, orders=20)
    refresh(world.shop)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET email_id = 'a@example.com', updated_at = now()")
        cursor.execute("UPDATE shipments_shipment SET updated_at = now(), tracking_url = 'x'")
        cursor.execute("UPDATE engagement_pageaction SET times = times + 1, last_at = now()")

    assert not Mark.objects.of(world.shop).exists()


def test_one_shop_s_changes_mark_no_other():
    world, other = World(7, orders=10), World(8, orders=10)
    refresh(world.shop)
    refresh(other.shop)
    for _ in range(20):
        world.change()

    assert not Mark.objects.of(other.shop).exists()
    assert dirt_of(other.shop).days == frozenset()


def test_the_command_works_out_all_shops_anew_and_compares():
    worlds = [World(9, orders=30), World(10, orders=30)]
    for world in worlds:
        refresh(world.shop)
    OrderDay.objects.all().update(orders=7)
    with pytest.raises(CommandError, match="rows differ"):
        call_command("rebuild_numbers", worlds[0].shop.slug, check=True, stdout=StringIO())

    said = StringIO()
    call_command("rebuild_numbers", verbosity=0, stdout=said)
    call_command("rebuild_numbers", check=True, stdout=said)

    assert "60 orders of 2 shops" in said.getvalue()
    assert "Every day that counts as clean" in said.getvalue()
    for world in worlds:
        assert by_day(world) == plain_by_day(world)
        assert not Mark.objects.of(world.shop).exists()


def test_the_command_names_a_shop_that_is_not_there():
    with pytest.raises(CommandError, match="no shop nowhere"):
        call_command("rebuild_numbers", "nowhere")


def test_a_shop_without_orders_answers_with_nothing():
    shop = make_shop()

    for name in NUMBERS:
        found = answer(shop, Question(number=name, period=PERIOD))
        assert found.value in (0, None)
        assert found.groups == ()


def test_filters_and_groups_that_no_rollup_serves_are_read_from_the_tables():
    world = World(11, orders=120)
    refresh(world.shop)
    question = Question(
        number="claim_rate",
        period=PERIOD,
        group_by=(Dimension.CARRIER,),
        filters={Dimension.COUNTRY: "DE", Dimension.SEGMENT: "new", Dimension.CURRENCY: "EUR"},
        compare=False,
    )

    groups = {group.keys[0]: group for group in answer(world.shop, question).groups}

    where = "p.country = 'DE' AND 'new' = ANY(p.segments) AND p.currency = 'EUR'"
    plain = summed(recount(world.shop, "claim_rate", PERIOD.first, PERIOD.last, "carrier", where))
    assert set(groups) == set(plain)
    for key, (numerator, denominator) in plain.items():
        assert (groups[key].numerator, groups[key].denominator) == (numerator, denominator)


def test_moves_are_forgotten_after_longer_than_any_transaction_lasts():
    world = World(12, orders=20)
    for _ in range(5):
        world.do_move()
    moves = Moved.objects.of(world.shop).count()
    old = Moved.objects.of(world.shop).first()
    Moved.objects.filter(pk=old.pk).update(moved_at=timezone.now() - REMEMBER_MOVES)

    forget_moves()

    assert Moved.objects.of(world.shop).count() == moves - 1 > 0
