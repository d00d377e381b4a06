"""A hundred thousand orders of every odd kind, then ten thousand random changes: all exact.

Takes a quarter of an hour: `make test ARGS="-m slow tests/analytics"` with EXACT_ORDERS=100000. In
the suite it runs over fewer.
"""

import os
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from analytics.models import Mark
from analytics.questions import Period
from analytics.refresh import refresh
from analytics.self_check import check_sample
from tests.analytics.test_exact import assert_exact
from tests.analytics.worlds import World

ORDERS = int(os.environ.get("EXACT_ORDERS") or 1_000)
CHANGES = ORDERS // 10
REFRESHES = 4
"""While changes go on."""


@pytest.mark.slow
@pytest.mark.django_db
def test_a_year_of_orders_is_exact_before_and_after_changes():
    world = World(
        7, orders=ORDERS, start=datetime(2026, 1, 1, tzinfo=UTC), days=365, timezone="Europe/Berlin"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET plan_cache_mode = auto; ANALYZE")
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    refresh(world.shop)
    assert_exact(world, year)

    for number in range(CHANGES):
        world.change()
        if number % (CHANGES // REFRESHES) == CHANGES // REFRESHES // 2:
            refresh(world.shop)

    assert Mark.objects.of(world.shop).exists()
    assert_exact(world, year)
    refresh(world.shop)
    assert_exact(world, year)
    assert check_sample(world.shop, days=1_000) == []
