"""Facts on their way out of the log: found after their commit, in its order, and missed never.

Ids and times are made before the commit, so neither says what was committed when: whoever reads on
from the last one seen misses a slower transaction. So each fact says itself that nobody has relayed
it yet. The few that say so are in a partial index; the write of a fact stays one insert.

The log has a piece for each month, and all of them may hold such facts: statements are prepared,
for to plan them takes longer than to look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from common.statements import prepared_cursor
from shops.models import Shop

MOST_LOOKED_AT = 20_000
"""Of one shop's facts that wait; if there are more, those recorded first are put in order first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommittedFact:
    id: UUID
    source: str
    ref: str
    event_group: str
    event_data: dict[str, Any]
    order_id: UUID | None
    shipment_id: UUID | None
    created_at: datetime
    request_id: str
    """In which request it happened, if that is known."""
    committed_at: datetime
    """When it was committed where PostgreSQL keeps that (track_commit_timestamp), else when it was
    recorded."""


def shops_with_unrelayed_facts() -> list[Shop]:
    """One step in the index for each such shop, however many facts each of them has."""
    with prepared_cursor() as cursor:
        cursor.execute(_SHOPS)
        found = [shop_id for (shop_id,) in cursor.fetchall()]
    return list(Shop.objects.filter(id__in=found)) if found else []


def unrelayed_facts(shop: Shop, *, limit: int) -> list[CommittedFact]:
    """The shop's first `limit` committed facts that were not relayed, in the order of commits."""
    with prepared_cursor() as cursor:
        cursor.execute(_UNRELAYED, [shop.id, MOST_LOOKED_AT, limit, shop.id])
        return [
            CommittedFact(
                id=row[0],
                source=row[1],
                ref=row[2],
                event_group=row[3],
                event_data=orjson.loads(row[4]),
                order_id=row[5],
                shipment_id=row[6],
                created_at=row[7],
                committed_at=row[8],
                request_id=row[9],
            )
            for row in cursor.fetchall()
        ]


def mark_relayed(shop: Shop, ids: Sequence[UUID]) -> None:
    if not ids:
        return
    with prepared_cursor() as cursor:
        cursor.execute(_MARK, [shop.id, list(ids), min(ids), max(ids)])


# PostgreSQL has no "skip scan" for DISTINCT: each step asks the index for the next shop.
_SHOPS = """
    WITH RECURSIVE waiting(shop_id) AS (
        (SELECT shop_id FROM events_event WHERE NOT is_relayed ORDER BY shop_id LIMIT 1)
        UNION ALL
        SELECT next.shop_id FROM waiting CROSS JOIN LATERAL (
            SELECT shop_id FROM events_event
             WHERE NOT is_relayed AND shop_id > waiting.shop_id ORDER BY shop_id LIMIT 1
        ) AS next
    )
    SELECT shop_id FROM waiting
"""

# The row was written once, so its xmin is the transaction that recorded it.
_UNRELAYED = """
    WITH waiting AS (
        SELECT id, created_at, coalesce(
                   CASE WHEN current_setting('track_commit_timestamp') = 'on'
                        THEN pg_xact_commit_timestamp(xmin) END,
                   created_at) AS committed_at
          FROM events_event WHERE shop_id = %s AND NOT is_relayed
         ORDER BY created_at LIMIT %s
    ), first AS (
        SELECT id, committed_at FROM waiting ORDER BY committed_at, created_at, id LIMIT %s
    )
    SELECT event.id, source, ref, event_group, event_data::text, order_id, shipment_id,
           event.created_at, first.committed_at, event.request_id
      FROM first JOIN events_event AS event ON event.shop_id = %s AND event.id = first.id
     ORDER BY first.committed_at, event.created_at, event.id
"""

# The first and the last id say the same again: by them, pieces of other months are passed over.
_MARK = """
    UPDATE events_event SET is_relayed = true
     WHERE shop_id = %s AND id = ANY(%s) AND id BETWEEN %s AND %s AND NOT is_relayed
"""
