"""Forgetting what is older than a shop keeps it, some rows at a time."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from privacy.held import Ageing, Held
from privacy.models import Forgotten, Retention
from shops.models import Shop

CHUNK = 1_000
"""Rows at a time, so that nobody waits for a long transaction."""
MOST_COUNTED = 100_000


def kept_since(retention: Retention, setting: str, now: datetime) -> datetime | None:
    """What is older is to go; None where it is kept for good."""
    length: int | None = getattr(retention, setting)
    if length is None:
        return None
    if setting.endswith("_months"):
        return months_before(now, length)
    is_hours = setting.endswith("_hours")
    return now - (timedelta(hours=length) if is_hours else timedelta(days=length))


def months_before(now: datetime, months: int) -> datetime:
    """The same day of that month, or its last one: a month before 31 March is 28 February."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def count_old(shop: Shop, ageing: Ageing, before: datetime) -> int:
    """MOST_COUNTED at most."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {ageing.held.table} AS held"
            f" WHERE {ageing.held.condition} LIMIT {MOST_COUNTED}) AS old",
            {"shop": shop.id, "before": before},
        )
        count: int = cursor.fetchone()[0]
    return count


def forget_old(shop: Shop, ageing: Ageing, before: datetime) -> Iterator[int]:
    """Each step forgets a chunk, and says how many rows that were."""
    count = CHUNK
    while count == CHUNK:
        with connection.cursor() as cursor:
            cursor.execute(_chunk(ageing.held), {"shop": shop.id, "before": before})
            count = cursor.rowcount
        if count:
            note_forgotten(shop, ageing.setting, count)
            yield count


def note_forgotten(shop: Shop, setting: str, count: int) -> None:
    now = timezone.now()
    day, _ = Forgotten.objects.get_or_create(
        shop=shop, day=now.date(), what=setting, defaults={"count": 0}
    )
    Forgotten.objects.of(shop).filter(id=day.id).update(count=F("count") + count, last_at=now)


def _chunk(held: Held) -> str:
    some = f"SELECT held.id FROM {held.table} AS held WHERE {held.condition} LIMIT {CHUNK}"
    if held.goes:
        return f"DELETE FROM {held.table} WHERE shop_id = %(shop)s AND id IN ({some})"
    changes = ", ".join(f"{column} = {value}" for column, value in held.becomes.items())
    return f"UPDATE {held.table} SET {changes} WHERE shop_id = %(shop)s AND id IN ({some})"
