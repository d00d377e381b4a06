"""A sample of the rollup against the base tables; what differs is reported, and recomputed."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import connection

from analytics.dirt import dirt_of
from analytics.questions import Period
from analytics.reading import snapshot
from analytics.recompute import differences
from common.partitions import kept_from, moment_of
from engagement.retention import PAGE_ACTIONS
from shops.models import Shop

DAYS = 20
"""Of each shop, in one night."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    shop: Shop
    subject: str
    dimension: str
    day: date
    keys: tuple[str, ...]


def check_sample(shop: Shop, *, days: int = DAYS) -> list[Difference]:
    """Compare some days that count as clean; days that differ are marked, and so heal."""
    with snapshot():
        clean = clean_days(shop)
        found = compare(shop, sorted(random.sample(clean, min(days, len(clean)))))
    for difference in found:
        log.error(
            "rollup_differs",
            shop=shop.slug,
            subject=difference.subject,
            dimension=difference.dimension,
            day=difference.day.isoformat(),
            keys=difference.keys,
        )
    mark(shop, {difference.day for difference in found})
    return found


def clean_days(shop: Shop) -> list[date]:
    """Those that are read from the rollup, as no mark says that they changed.

    The rollup remembers longer what was done on orders' pages: of days before that is kept, nothing
    can be compared.
    """
    kept_since = moment_of(kept_from(PAGE_ACTIONS)) + timedelta(days=1)
    first = kept_since.astimezone(ZoneInfo(shop.timezone)).date()
    return clean_ones(shop, [day for day in _days_with_orders(shop) if day > first])


def clean_ones(shop: Shop, days: Sequence[date]) -> list[date]:
    """Those of these days."""
    dirt = dirt_of(shop)
    return [] if dirt.is_all else [day for day in days if day not in dirt.days]


def compare(shop: Shop, days: Sequence[date]) -> list[Difference]:
    """Inside `snapshot`, with the days that are clean in it."""
    return [
        Difference(shop, subject, dimension, day, tuple(keys))
        for subject, dimension, day, *keys in differences(shop, [Period(d, d) for d in days])
    ]


def _days_with_orders(shop: Shop) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"shop": shop.id, "timezone": shop.timezone})
        return [day for (day,) in cursor.fetchall()]


_DAYS = """
    SELECT DISTINCT (order_placed_at AT TIME ZONE %(timezone)s)::date
      FROM orders_order WHERE shop_id = %(shop)s
     UNION
    SELECT day FROM analytics_orderday WHERE shop_id = %(shop)s AND dimension = ''
"""


def mark(shop: Shop, days: Collection[date]) -> None:
    """Have these days recomputed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_mark (shop_id, hour, transaction)"
            " SELECT %s, date_trunc('hour', day::timestamp AT TIME ZONE %s + interval '12 hours',"
            " 'UTC'), analytics_transaction() FROM unnest(%s::date[]) AS day"
            " ON CONFLICT DO NOTHING",
            [shop.id, shop.timezone, sorted(days)],
        )
