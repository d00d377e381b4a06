"""Numbers while others write and the rollup is being refreshed."""

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from analytics.answering import answer
from analytics.models import Mark
from analytics.questions import Interval, Period, Question
from analytics.refresh import refresh, refresh_some
from analytics.self_check import check_sample
from orders.models import Order
from shipments.models import Shipment
from tests.analytics.plain import recount, summed
from tests.analytics.worlds import World

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD = Period(date(2026, 2, 1), date(2026, 6, 1))
ROUNDS = 25


def ask(world: World, number: str):
    question = Question(number=number, period=PERIOD, interval=Interval.DAY, compare=False)
    return answer(world.shop, question)


def test_readers_only_see_what_was_true_at_some_moment():
    """Orders wander between days and pass money to each other; in all it stays the same."""
    world = World(3, orders=60, timezone="America/New_York")
    refresh(world.shop)
    orders, revenue = ask(world, "orders").value, ask(world, "revenue").by_currency
    ids = list(Order.objects.of(world.shop).values_list("id", flat=True))
    done = threading.Event()
    seen: list[object] = []

    def write(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(ROUNDS):
            moved = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=rng.randrange(1_000))
            with transaction.atomic():
                Order.objects.filter(id=rng.choice(ids)).update(order_placed_at=moved)

    def refresh_again_and_again() -> None:
        while not done.is_set():
            refresh(world.shop)

    def read() -> None:
        while not done.is_set():
            found = ask(world, "orders")
            seen.append((found.value, sum(point.value for point in found.series)))
            seen.append(ask(world, "revenue").by_currency)

    writers = [_thread(write, 1), _thread(write, 2)]
    others = [_thread(refresh_again_and_again), _thread(read), _thread(read)]
    for writer in writers:
        writer.join()
    done.set()
    for other in others:
        other.join()

    assert len(seen) > 2
    assert all(one in ((orders, orders), revenue) for one in seen)
    refresh(world.shop)
    assert check_sample(world.shop, days=1_000) == []


def test_who_saw_an_order_where_it_was_before_still_marks_where_it_is_now():
    """A parcel is changed in a transaction that began before its order was moved to another day."""
    world = World(4, orders=20, timezone="Europe/Berlin")
    parcel = (
        Shipment.objects.of(world.shop)
        .filter(tracking_number__isnull=False, is_test=False, order__is_test=False)
        .exclude(order__state="cancelled")
        .first()
    )
    refresh(world.shop)
    slow = connections.create_connection("default")
    try:
        with slow.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM orders_order")  # its snapshot is of now
            moved = parcel.order.order_placed_at + timedelta(days=9)
            Order.objects.filter(id=parcel.order_id).update(order_placed_at=moved)
            refresh(world.shop)
            cursor.execute(
                "UPDATE shipments_shipment SET phase = 'returned', delivered_at = NULL"
                " WHERE id = %s",
                [parcel.id],
            )
            cursor.execute("COMMIT")
    finally:
        slow.close()

    plain = summed(recount(world.shop, "first_attempt_rate", PERIOD.first, PERIOD.last, "day"))
    before = {point.from_.isoformat(): point for point in ask(world, "first_attempt_rate").series}
    assert all(before[day].denominator == pair[1] for day, pair in plain.items())
    refresh(world.shop)
    assert check_sample(world.shop, days=1_000) == []


def test_whoever_refreshes_second_leaves_it_to_the_first():
    world = World(5, orders=5)
    refresh(world.shop)
    world.do_move()
    first = connections.create_connection("default")
    try:
        with first.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT 1 FROM analytics_rolledup WHERE shop_id = %s FOR UPDATE", [world.shop.id]
            )
            assert refresh_some(world.shop) is None
            assert refresh(world.shop) is False
            cursor.execute("ROLLBACK")
    finally:
        first.close()

    assert refresh(world.shop) is True
    assert not Mark.objects.of(world.shop).exists()


def test_a_change_that_is_undone_leaves_no_mark():
    world = World(6, orders=5)
    refresh(world.shop)

    with transaction.atomic():
        world.do_move()
        world.do_add()
        transaction.set_rollback(True)

    assert not Mark.objects.of(world.shop).exists()


def _thread(what, *arguments) -> threading.Thread:
    def run() -> None:
        try:
            what(*arguments)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
