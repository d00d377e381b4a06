"""Bringing the rollup up to date: days with marks are recomputed, and those marks taken away.

The order is what makes it exact (docs/adr/0008-marks-and-rollups.md): first the marks are listed,
then their days are read, then just the listed marks are deleted. What is committed in between may
be read already, but leaves a mark that stays, and its day is recomputed again.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from analytics.dirt import days_of, spans
from analytics.models import Mark, Moved, RolledUp
from analytics.recompute import recompute
from analytics.rollups import SUBJECTS, version
from orders.models import Order
from shops.models import Shop

AT_ONCE = 28
"""Days that are recomputed in one transaction."""
MARKS_AT_ONCE = 20_000
REMEMBER_MOVES = timedelta(days=2)
"""Longer than any transaction lasts."""


def shops_to_refresh() -> QuerySet[Shop]:
    """Those with marks, and those without a rollup that counts though they have orders."""
    marked = Exists(Mark.objects.filter(shop=OuterRef("id")))
    rolled_up = Exists(
        RolledUp.objects.filter(
            shop=OuterRef("id"), timezone=OuterRef("timezone"), version=version()
        )
    )
    ordered = Exists(Order.objects.filter(shop=OuterRef("id")))
    return Shop.objects.filter(Q(marked) | (~Q(rolled_up) & Q(ordered))).order_by("id")


class Batch(NamedTuple):
    """What was recomputed in one transaction."""

    days: int
    last_hour: datetime | None
    """Of the marks that were taken away; None if there were none."""


def refresh(shop: Shop, *, told: Callable[[int], object] | None = None) -> bool:
    """Recompute every day with marks; off if somebody else is at it. `told` hears of each batch."""
    while (batch := refresh_some(shop)) and batch.days:
        if told is not None:
            told(batch.days)
    return batch is not None


@transaction.atomic
def refresh_some(shop: Shop, *, after: datetime | None = None) -> Batch | None:
    """Recompute up to AT_ONCE days, of marks later than `after`. None if somebody else is at it."""
    rolled_up = _locked(shop)
    if rolled_up is None:
        return None
    shop.refresh_from_db(fields=["timezone"])
    if (rolled_up.timezone, rolled_up.version) != (shop.timezone, version()):
        start_over(shop, rolled_up)
    marks = _listed_marks(shop, after)
    if not marks:
        return Batch(0, None)
    days, done = _first_days(shop, marks)
    recompute(shop, spans(days))
    _delete_marks(shop, done)
    return Batch(len(days), done[-1][0])


@transaction.atomic
def recompute_day(shop: Shop, day: date) -> None:
    """One day from the base tables, marks or not; waits for whoever writes the shop's rollup."""
    rolled_up = _locked(shop, waits=True)
    if rolled_up is None:
        return
    shop.refresh_from_db(fields=["timezone"])
    if (rolled_up.timezone, rolled_up.version) != (shop.timezone, version()):
        start_over(shop, rolled_up)
    recompute(shop, spans([day]))


@transaction.atomic
def rebuild(shop: Shop) -> None:
    """Start over in any case; the days are then dirty, and recomputed by `refresh`."""
    if rolled_up := _locked(shop, waits=True):
        start_over(shop, rolled_up)


def _locked(shop: Shop, *, waits: bool = False) -> RolledUp | None:
    rows = RolledUp.objects.of(shop)
    if not rows.exists():
        new = RolledUp(shop=shop, timezone="", version="", started_at=timezone.now())
        RolledUp.objects.bulk_create([new], ignore_conflicts=True)
    _take_time()
    locked: RolledUp | None = rows.select_for_update(skip_locked=not waits).first()
    return locked


def mark_all(shop: Shop) -> None:
    """Have every day with orders recomputed, such as after a restore without triggers."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK_ALL, [shop.id])


def start_over(shop: Shop, rolled_up: RolledUp) -> None:
    """Forget the rollup; by the shop's clock and the definitions of now, every day is dirty."""
    for _, model in SUBJECTS:
        model._default_manager.filter(shop=shop).delete()
    mark_all(shop)
    rolled_up.timezone, rolled_up.version = shop.timezone, version()
    rolled_up.started_at = timezone.now()
    rolled_up.save(update_fields=["timezone", "version", "started_at"])


def forget_moves() -> None:
    Moved.objects.filter(moved_at__lt=timezone.now() - REMEMBER_MOVES).delete()


_MARK_ALL = """
    INSERT INTO analytics_mark (shop_id, hour, transaction)
    SELECT DISTINCT shop_id, date_trunc('hour', order_placed_at, 'UTC'),
           analytics_transaction()
      FROM orders_order WHERE shop_id = %s
        ON CONFLICT DO NOTHING
"""

_Marks = Sequence[tuple[datetime, int]]


def _take_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")


def _listed_marks(shop: Shop, after: datetime | None) -> _Marks:
    marks = Mark.objects.of(shop).order_by(F("hour"), "transaction")
    if after is not None:
        marks = marks.filter(hour__gt=after)
    return list(marks.values_list("hour", "transaction")[:MARKS_AT_ONCE])


def _first_days(shop: Shop, marks: _Marks) -> tuple[frozenset[date], _Marks]:
    """The days of as many of these marks as fit into a batch, and those marks."""
    first = marks[0][0]
    done = [mark for mark in marks if mark[0] < first + timedelta(days=AT_ONCE)]
    return days_of(shop, {hour for hour, _ in done}), done


def _delete_marks(shop: Shop, marks: _Marks) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM analytics_mark AS mark USING unnest(%s::timestamptz[], %s::bigint[])"
            " AS done(hour, transaction) WHERE mark.shop_id = %s AND mark.hour = done.hour"
            " AND mark.transaction = done.transaction",
            [[hour for hour, _ in marks], [number for _, number in marks], shop.id],
        )
