"""Which days of a shop have changed since they were rolled up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analytics.models import RolledUp
from analytics.questions import Period
from analytics.rollups import version
from common.replicas.reading import reading_connection
from shops.models import Shop


@dataclass(frozen=True, slots=True)
class Dirt:
    """`days` were changed; with `is_all`, the shop has no rollup that counts."""

    days: frozenset[date]
    is_all: bool = False

    def clean_and_dirty(self, period: Period) -> tuple[bool, list[Period]]:
        """Whether the rollup is to be read, and which spans of days are not to be read from it."""
        if self.is_all:
            return False, [period]
        return True, spans(day for day in self.days if period.first <= day <= period.last)


def dirt_of(shop: Shop) -> Dirt:
    """By the marks that were committed until now."""
    rolled_up = RolledUp.objects.of(shop).values_list("timezone", "version").first()
    if rolled_up != (shop.timezone, version()):
        return Dirt(frozenset(), is_all=True)
    return Dirt(days_of(shop, None))


def days_of(shop: Shop, hours: Collection[datetime] | None) -> frozenset[date]:
    """The shop's days in which marked hours lie (None: all that are marked).

    An hour in UTC touches two days where the shop's clock is half an hour off. Orders that were
    moved out of a marked hour are meant as well, wherever they are now.
    """
    narrowed = "" if hours is None else "AND hour = ANY(%(hours)s)"
    with reading_connection().cursor() as cursor:
        cursor.execute(
            _DAYS.format(narrowed=narrowed),
            {"shop": shop.id, "timezone": shop.timezone, "hours": list(hours or ())},
        )
        return frozenset(day for (day,) in cursor.fetchall())


_DAYS = """
    WITH marked AS (
      SELECT DISTINCT hour FROM analytics_mark WHERE shop_id = %(shop)s {narrowed}
    ), meant AS (
      SELECT hour FROM marked
       UNION
      SELECT date_trunc('hour', o.order_placed_at, 'UTC')
        FROM marked
        JOIN analytics_moved AS moved
          ON moved.shop_id = %(shop)s AND moved.left_hour = marked.hour
        JOIN orders_order AS o ON o.shop_id = moved.shop_id AND o.id = moved.order_id
       WHERE o.shop_id = %(shop)s
    )
    SELECT DISTINCT (moment AT TIME ZONE %(timezone)s)::date
      FROM meant
     CROSS JOIN LATERAL (VALUES (hour), (hour + interval '59:59.999999')) AS ends(moment)
"""


def spans(days: Iterable[date]) -> list[Period]:
    """Days that follow each other as one period."""
    found: list[Period] = []
    for day in sorted(days):
        if found and found[-1].last + timedelta(days=1) == day:
            found[-1] = Period(found[-1].first, day)
        else:
            found.append(Period(day, day))
    return found
