"""Deliveries that are due: taken by workers for a while, and what became of them.

A worker that takes a delivery makes it due again at the end of its lease: one that is killed loses
nothing. Each endpoint has a lane: so many are taken of each, however many wait in another one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone

from common.rows import insert_rows
from webhooks.health import note_failures, note_successes
from webhooks.models import Attempt, DeliveryState

LEASE = timedelta(seconds=45)
"""Three times as long as a request may take."""
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A delivery in a worker's hands, with all it needs to send it."""

    id: UUID
    shop_id: UUID
    webhook_id: UUID
    message_id: UUID
    number: int
    """Of this attempt, from 1."""
    retries: int
    leased_until: datetime
    body: str
    url: str
    secret: str
    """Encrypted, as the other one."""
    previous_secret: str
    """Empty where it no longer holds."""
    is_probe: bool
    """The breaker was open: this one tells whether it may close."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of an attempt, and what follows for its delivery."""

    claimed: Claimed
    state: DeliveryState
    next_attempt_at: datetime | None
    attempt: dict[str, Any]
    """The row that is kept of it."""

    @property
    def is_success(self) -> bool:
        return self.state == DeliveryState.SUCCEEDED

    @property
    def is_gone(self) -> bool:
        """The endpoint says that it is no more, and wants nothing again."""
        return bool(self.attempt["status"] == HTTPStatus.GONE)


def claim(*, room: Mapping[UUID, int], elsewhere: int) -> list[Claimed]:
    """Take what is due: for each webhook as many as there is `room` for, `elsewhere` in others.

    Of a webhook whose breaker is about to close, one.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "now": now,
                "until": now + LEASE,
                "room": orjson.dumps({str(key): count for key, count in room.items()}).decode(),
                "elsewhere": elsewhere,
                "most": MOST_AT_ONCE,
            },
        )
        return [
            Claimed(
                id=row[0],
                shop_id=row[1],
                webhook_id=row[2],
                message_id=row[3],
                number=row[4] + 1,
                retries=row[5],
                leased_until=now + LEASE,
                body=row[6],
                url=row[7],
                secret=row[8],
                previous_secret=row[9],
                is_probe=row[10],
            )
            for row in cursor.fetchall()
        ]


def release(claimed: Collection[Claimed]) -> None:
    """Give back what was taken and not tried."""
    with connection.cursor() as cursor:
        for shop_id in {one.shop_id for one in claimed}:
            cursor.execute(
                "UPDATE webhooks_delivery SET next_attempt_at = now()"
                " WHERE shop_id = %s AND id = ANY(%s) AND state = 'pending'",
                [shop_id, [one.id for one in claimed if one.shop_id == shop_id]],
            )


@transaction.atomic
def record_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Keep the attempts, and move their deliveries and webhooks on.

    A delivery that ended its lease may have been tried by two workers: a success counts whoever
    had it, a failure only for whoever tried last.
    """
    kept = _lock_deliveries(outcomes)  # not those of a webhook that was deleted meanwhile
    outcomes = [outcome for outcome in outcomes if outcome.claimed.id in kept]
    if not outcomes:
        return
    insert_rows(Attempt, [outcome.attempt for outcome in outcomes])
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, [orjson.dumps([_moved(outcome) for outcome in outcomes]).decode()])
    succeeded = {o.claimed.webhook_id: o.claimed.shop_id for o in outcomes if o.is_success}
    failed = {o.claimed.webhook_id: o.claimed.shop_id for o in outcomes if not o.is_success}
    gone = {o.claimed.webhook_id: o.claimed.shop_id for o in outcomes if o.is_gone}
    note_successes(succeeded)
    note_failures({key: shop for key, shop in failed.items() if key not in succeeded}, gone)


def _lock_deliveries(outcomes: Sequence[Outcome]) -> set[UUID]:
    """In the order of ids, so that two workers with the same deliveries do not block each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM webhooks_delivery WHERE shop_id = ANY(%s) AND id = ANY(%s)"
            " ORDER BY id FOR UPDATE",
            [
                list({outcome.claimed.shop_id for outcome in outcomes}),
                [outcome.claimed.id for outcome in outcomes],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def _moved(outcome: Outcome) -> dict[str, Any]:
    claimed = outcome.claimed
    return {
        "id": claimed.id,
        "shop_id": claimed.shop_id,
        "number": claimed.number,
        "state": outcome.state,
        "next_attempt_at": outcome.next_attempt_at,
        "last_status": outcome.attempt["status"],
    }


# The lanes that hold something, one step in the index each; then the first of each lane that no
# other worker has.
_CLAIM = """
    WITH RECURSIVE lane(shop_id, webhook_id) AS (
        (SELECT shop_id, webhook_id FROM webhooks_delivery
          WHERE state = 'pending' ORDER BY shop_id, webhook_id LIMIT 1)
        UNION ALL
        SELECT next.shop_id, next.webhook_id FROM lane CROSS JOIN LATERAL (
            SELECT shop_id, webhook_id FROM webhooks_delivery
             WHERE state = 'pending' AND (shop_id, webhook_id) > (lane.shop_id, lane.webhook_id)
             ORDER BY shop_id, webhook_id LIMIT 1
        ) AS next
    ), open_lane AS (
        SELECT webhook.* FROM lane JOIN webhooks_webhook AS webhook
            ON webhook.shop_id = lane.shop_id AND webhook.id = lane.webhook_id
         WHERE webhook.status = 'active'
           AND (webhook.resting_until IS NULL OR webhook.resting_until <= %(now)s)
    ), due AS (
        SELECT first.* FROM open_lane CROSS JOIN LATERAL (
            SELECT shop_id, id FROM webhooks_delivery
             WHERE shop_id = open_lane.shop_id AND webhook_id = open_lane.id
               AND state = 'pending' AND next_attempt_at <= %(now)s
             ORDER BY next_attempt_at, position
             LIMIT least(
                 coalesce((%(room)s::jsonb ->> open_lane.id::text)::int, %(elsewhere)s),
                 CASE WHEN open_lane.rests > 0 THEN 1 ELSE 1000 END)
               FOR UPDATE SKIP LOCKED
        ) AS first LIMIT %(most)s
    ), taken AS (
        UPDATE webhooks_delivery AS delivery SET next_attempt_at = %(until)s
          FROM due WHERE delivery.shop_id = due.shop_id AND delivery.id = due.id
        RETURNING delivery.*
    )
    SELECT taken.id, taken.shop_id, taken.webhook_id, taken.message_id, taken.attempts,
           taken.retries, message.body, webhook.url, webhook.secret,
           CASE WHEN webhook.previous_secret_until > %(now)s
                THEN webhook.previous_secret ELSE '' END,
           webhook.rests > 0
      FROM taken
      JOIN webhooks_message AS message
        ON message.shop_id = taken.shop_id AND message.id = taken.message_id
      JOIN webhooks_webhook AS webhook
        ON webhook.shop_id = taken.shop_id AND webhook.id = taken.webhook_id
     ORDER BY taken.position
"""

_MOVE_ON = """
    UPDATE webhooks_delivery AS kept
       SET attempts = greatest(kept.attempts, sent.number),
           retries = CASE WHEN sent.state = 'pending' THEN kept.retries + 1 ELSE kept.retries END,
           state = CASE WHEN kept.state = 'held' AND sent.state = 'pending'
                        THEN 'held' ELSE sent.state END,
           next_attempt_at = sent.next_attempt_at,
           last_status = sent.last_status,
           finished_at = CASE WHEN sent.state IN ('succeeded', 'failed') THEN now() END
      FROM jsonb_to_recordset(%s::jsonb) AS sent(
           id uuid, shop_id uuid, number int, state text, next_attempt_at timestamptz,
           last_status int)
     WHERE kept.shop_id = sent.shop_id AND kept.id = sent.id
       AND (sent.state = 'succeeded'
            OR (kept.state IN ('pending', 'held') AND kept.attempts = sent.number - 1))
"""
