"""Keeping what shops say of how long they keep what; beat calls it, a while at a time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from portal.privacy.erase_customer import erase_locked
from portal.privacy.holdings import AGEING
from privacy.models import Forgotten, Retention
from privacy.retention import MOST_COUNTED, count_old, forget_old, kept_since, note_forgotten
from shops.models import Shop

AT_ONCE = 20
ORDERS = Forgotten.What.ORDERS

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Old:
    """How much of something is older than the shop would keep it."""

    what: Forgotten.What
    before: datetime | None
    count: int
    is_capped: bool


def count_all_old(shop: Shop, retention: Retention, *, now: datetime) -> list[Old]:
    """By each setting: what is forgotten next if they hold."""
    counted = []
    for what in Forgotten.What:
        before, count = kept_since(retention, what, now), 0
        if before is not None:
            of_setting = [ageing for ageing in AGEING if ageing.setting == what]
            count = sum(count_old(shop, ageing, before) for ageing in of_setting)
            count += _count_finished(shop, before) if what is ORDERS else 0
        is_capped = count >= MOST_COUNTED
        counted.append(Old(what=what, before=before, count=count, is_capped=is_capped))
    return counted


def keep_retentions(*, seconds: float) -> bool:
    """Of every shop that said something, no longer than that; whether something is left."""
    until = time.monotonic() + seconds
    for retention in Retention.objects.select_related("shop").order_by("updated_at", "id"):
        if not _keep(retention, until):
            return True
    return False


def _keep(retention: Retention, until: float) -> bool:
    """False where time ran out."""
    shop, now = retention.shop, timezone.now()
    for ageing in AGEING:
        if (before := kept_since(retention, ageing.setting, now)) is None:
            continue
        for count in forget_old(shop, ageing, before):
            log.info("privacy.forgotten", shop=shop.slug, what=ageing.setting, count=count)
            if time.monotonic() > until:
                return False
    if (before := kept_since(retention, ORDERS, now)) is not None:
        while erase_finished(shop, before):
            if time.monotonic() > until:
                return False
    return True


@transaction.atomic
def erase_finished(shop: Shop, before: datetime) -> int:
    """The customers of some orders that are finished and of which nothing was heard since."""
    found = _finished(shop, before)
    # Under their locks it is looked again: something may have happened to one meanwhile.
    erased = erase_locked(shop, found, only_if=lambda ids: _finished(shop, before, among=ids))
    if erased:
        note_forgotten(shop, ORDERS, len(erased))
        log.info("privacy.forgotten", shop=shop.slug, what=str(ORDERS), count=len(erased))
    return len(erased)


def _finished(shop: Shop, before: datetime, *, among: Sequence[UUID] | None = None) -> list[UUID]:
    narrowed = "" if among is None else "AND o.id = ANY(%(among)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_FINISHED} {narrowed} ORDER BY o.order_placed_at, o.id LIMIT {AT_ONCE}",
            {"shop": shop.id, "before": before, "among": list(among or ())},
        )
        return [row[0] for row in cursor.fetchall()]


def _count_finished(shop: Shop, before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_FINISHED} LIMIT {MOST_COUNTED}) AS finished",
            {"shop": shop.id, "before": before},
        )
        count: int = cursor.fetchone()[0]
    return count


_FINISHED = """
    SELECT o.id FROM orders_order AS o
     WHERE o.shop_id = %(shop)s AND o.erased_at IS NULL AND o.order_placed_at < %(before)s
       AND o.updated_at < %(before)s AND o.state IN ('fulfilled', 'cancelled')
       AND NOT EXISTS (SELECT FROM shipments_shipment AS s
            WHERE s.shop_id = o.shop_id AND s.order_id = o.id AND s.updated_at >= %(before)s)
       AND NOT EXISTS (SELECT FROM claims_claim AS c
            WHERE c.shop_id = o.shop_id AND c.order_id = o.id AND (c.updated_at >= %(before)s
                OR c.status = 'pending' AND c.deleted_at IS NULL))
"""
