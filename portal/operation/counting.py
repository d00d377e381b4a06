"""Counting what waits, of no shop more than MOST rows: one statement for each watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from portal.operation.watches import Watch

MOST = 10_000
MOST_SHOPS = 20


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Of one shop."""

    shop_id: UUID
    shop: str
    count: int
    since: datetime | None

    @property
    def count_words(self) -> str:
        return f"{MOST:,}+" if self.count > MOST else f"{self.count:,}"


@dataclass(frozen=True, kw_only=True)
class Watched:
    watch: Watch
    shops: Sequence[Waiting]
    """Those that have waited longest."""
    has_more: bool


def look_at(watch: Watch) -> Watched:
    with connection.cursor() as cursor:
        cursor.execute(_statement(watch), {"most": MOST + 1, "shops": MOST_SHOPS + 1})
        rows = cursor.fetchall()
    shops = [
        Waiting(shop_id=shop_id, shop=name, count=count, since=since)
        for shop_id, name, count, since in rows
    ]
    return Watched(watch=watch, shops=shops[:MOST_SHOPS], has_more=len(shops) > MOST_SHOPS)


def _statement(watch: Watch) -> str:
    """A step in an index for each shop, and as many rows of it as are counted."""
    since = watch.since or "NULL::timestamptz"
    return f"""
        SELECT shop.id, shop.name, found.count, found.since
          FROM shops_shop AS shop CROSS JOIN LATERAL (
            SELECT count(*) AS count, min(few.since) AS since
              FROM (SELECT {since} AS since FROM {watch.table}
                     WHERE shop_id = shop.id AND ({watch.condition}) LIMIT %(most)s) AS few
          ) AS found
         WHERE found.count > 0
         ORDER BY found.since NULLS LAST, shop.name
         LIMIT %(shops)s
    """
