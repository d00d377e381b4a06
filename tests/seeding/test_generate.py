"""What is decided before anything is written."""

from datetime import UTC, datetime

from orders.models import Order
from seeding.generate import generate_batch
from seeding.loading import encode_batch
from seeding.plan import Plan, shop_sizes

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)


def plan(**changes) -> Plan:
    return Plan(**{"seed": 7, "orders": 900, "shops": 3, "days": 30, "until": UNTIL, **changes})


def encoded(plan: Plan):
    shops = plan.seeded_shops()
    return [shop.shop.id for shop in shops], [
        encode_batch(shop, places) for shop in shops for places in shop.batches()
    ]


def test_the_same_arguments_make_the_same_rows():
    assert encoded(plan()) == encoded(plan())


def test_another_seed_makes_other_shops_and_rows():
    ids, rows = encoded(plan())
    other_ids, other_rows = encoded(plan(seed=8))

    assert not set(ids) & set(other_ids)
    assert rows != other_rows


def test_a_batch_does_not_depend_on_the_ones_before():
    [shop] = plan(orders=1200, shops=1).seeded_shops()
    *_, last = shop.batches()

    assert generate_batch(shop, last) == generate_batch(shop, last)
    assert generate_batch(shop, last)[Order][0]["order_number"] == str(100_001 + last.start)


def test_a_few_shops_are_big_and_none_is_empty():
    sizes = shop_sizes(10_000, 40)

    assert sum(sizes) == 10_000
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 10 * sizes[-1] > 0
    assert shop_sizes(3, 3) == [1, 1, 1]


def test_later_orders_have_later_times_and_none_lies_ahead():
    [shop] = plan(shops=1).seeded_shops()

    times = [
        row["order_placed_at"]
        for places in shop.batches()
        for row in generate_batch(shop, places)[Order]
    ]

    assert times == sorted(times)
    assert datetime(2026, 1, 30, tzinfo=UTC) <= times[0]
    assert times[-1] < UNTIL
