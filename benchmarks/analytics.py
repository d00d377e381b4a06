"""The home page's numbers of the biggest shop, from the rollup, from the tables and by DuckDB.

Over the million orders in fifty shops of `benchmarks.search`, seeded the first time. Times are
those that the database took (or DuckDB), with what it sent back; the same numbers from each.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from django.core.management import call_command
from django.db import connection

from analytics.answering import answers
from analytics.models import Mark
from analytics.questions import Interval, Period, Question
from analytics.refresh import rebuild, refresh
from benchmarks.parquet import TABLES, export
from benchmarks.plain_home import home_statements
from benchmarks.search import ORDERS, SEED, SHOPS, UNTIL
from karla_portal.embedded.services import running
from orders.models import Order
from seeding.plan import first_slug
from shipments.models import Shipment
from shops.models import Shop

HOME = (
    "orders",
    "revenue",
    "revenue_per_order",
    "repeat_purchases",
    "delivery_success_rate",
    "average_delivery_time",
    "on_time_rate",
    "first_attempt_rate",
    "customer_satisfaction",
    "page_open_rate",
    "claim_rate",
)
LAST = date.fromisoformat(UNTIL) - timedelta(days=1)
ROUNDS = 60
FEW_ROUNDS = 7


def run() -> None:
    with running(Path(os.environ["DATA_DIR"])):
        call_command("migrate", verbosity=0)
        seed = f"seed --orders {ORDERS} --shops {SHOPS} --seed {SEED} --until {UNTIL} --verbosity 0"
        call_command(*seed.split())
        _vacuum()
        _report_rebuild()
        shop = Shop.objects.get(slug=first_slug(SEED))
        _report_reads(shop)
        _report_growth()
        connection.close()


def _report_rebuild() -> None:
    shops = list(Shop.objects.all())
    began = time.perf_counter()
    orders, days = Order.objects.count(), 0

    def told(count: int) -> None:
        nonlocal days
        days += count

    for shop in shops:
        rebuild(shop)
        refresh(shop, told=told)
    seconds = time.perf_counter() - began
    print(
        f"rebuild of {orders:,} orders in {len(shops)} shops: {seconds:.0f} s, "
        f"{60 * orders / seconds:,.0f} orders a minute, {1000 * seconds / days:.1f} ms a day"
    )
    _vacuum()


def _report_reads(shop: Shop) -> None:
    orders = Order.objects.of(shop).count()
    parcels = Shipment.objects.of(shop).count()
    year, month = _period(365), _period(30)
    print(
        f"the home page ({len(HOME)} numbers by the day, beside the period before and the year "
        f"before) of a shop with {orders:,} orders and {parcels:,} parcels"
    )
    for name, period in (("30 days", month), ("12 months", year)):
        _print(f"{name}, rollup", _rounds(partial(_home, shop, period)))
    with _one_day_dirty(shop):
        _print("12 months, rollup, a day of them changed", _rounds(partial(_home, shop, year)))
    plain = _rounds(partial(_plain, shop, year), FEW_ROUNDS)
    _print("12 months, base tables (without comparisons)", plain)
    own = _rounds(partial(_home, shop, year, compare=False))
    _print("12 months, rollup, without comparisons", own)
    with _duckdb() as ask:
        parquet = _rounds(partial(ask, shop, year), FEW_ROUNDS)
    _print("12 months, DuckDB over Parquet, without comparisons", parquet)
    print(
        f"  rollup against base tables {_median(plain) / _median(own):.0f}×, "
        f"against DuckDB {_median(parquet) / _median(own):.1f}×"
    )


def _report_growth() -> None:
    """More orders a day, and more days."""
    print("growth, rollup, p50 in ms")
    shops = sorted(Shop.objects.all(), key=lambda shop: -Order.objects.of(shop).count())
    for place in (0, 9, 49):
        shop = shops[place]
        times = [
            f"{days} days {_median(_rounds(partial(_home, shop, _period(days)))):6.1f}"
            for days in (30, 90, 365)
        ]
        print(f"  {Order.objects.of(shop).count():>9,} orders: {'   '.join(times)}")


def _home(shop: Shop, period: Period, *, compare: bool = True) -> float:
    """Milliseconds in the database."""
    questions = [
        Question(number=name, period=period, interval=Interval.DAY, compare=compare)
        for name in HOME
    ]
    spent = 0.0

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal spent
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent += time.perf_counter() - began

    with connection.execute_wrapper(timed):
        answers(shop, questions)
    return 1000 * spent


def _plain(shop: Shop, period: Period) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in home_statements(shop, period):
            cursor.execute(statement)
            cursor.fetchall()
    return 1000 * (time.perf_counter() - began)


@contextmanager
def _duckdb() -> Iterator[Callable[[Shop, Period], float]]:
    folder = Path(os.environ["DATA_DIR"]) / "parquet"
    export(folder)
    with duckdb.connect() as database:
        for table in TABLES:
            database.execute(
                f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder / table}.parquet')"
            )

        def ask(shop: Shop, period: Period) -> float:
            began = time.perf_counter()
            for statement in home_statements(shop, period):
                database.execute(statement).fetchall()
            return 1000 * (time.perf_counter() - began)

        yield ask


@contextmanager
def _one_day_dirty(shop: Shop) -> Iterator[None]:
    order = Order.objects.of(shop).filter(order_placed_at__date=LAST).first()
    Order.objects.filter(id=order.id).update(currency="USD")
    yield
    Order.objects.filter(id=order.id).update(currency=order.currency)
    assert Mark.objects.of(shop).exists()
    refresh(shop)


def _rounds(once: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    once()
    return [once() for _ in range(rounds)]


def _print(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"  {name:<52} p50 {_median(times):7.1f} ms   p95 {p95:7.1f} ms")


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _period(days: int) -> Period:
    return Period(LAST - timedelta(days=days - 1), LAST)


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")
