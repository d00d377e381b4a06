"""Deliveries that are due: taken by workers for a while, and what became of them.

A worker that takes a delivery makes it due again at the end of its lease: one that is killed loses
nothing. Each endpoint has a lane: so many are taken of each, however many wait in another one.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction

from common.counters import ATTEMPTS, counter
from common.database_clock import database_clock
from common.database_session import is_pooled
from common.ids import new_id
from common.statements import prepared_cursor
from webhooks.answer import Answer
from webhooks.health import note_failures, note_successes
from webhooks.models import DeliveryState

LEASE = timedelta(seconds=30)
"""Twice as long as a request may take."""
MOST_AT_ONCE = 1_000


class Claimed(NamedTuple):
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
    is_troubled: bool
    """The webhook's row says that it failed lately: a success is news."""
    is_test: bool
    request_id: str = ""
    """In which the event happened, if that is known."""


class Outcome(NamedTuple):
    """What became of an attempt, and what follows for its delivery."""

    claimed: Claimed
    state: DeliveryState
    next_attempt_at: datetime | None
    request_headers: dict[str, str]
    answer: Answer
    latency: int
    """Milliseconds."""

    @property
    def is_success(self) -> bool:
        return self.answer.is_success

    @property
    def is_gone(self) -> bool:
        """The endpoint says that it is no more, and wants nothing again."""
        return self.answer.status == HTTPStatus.GONE


def claim(*, room: Mapping[UUID, int], elsewhere: int) -> list[Claimed]:
    """Take what is due: for each webhook as many as there is `room` for, `elsewhere` in others.

    Of a webhook whose breaker is about to close, one.
    """
    now = database_clock.ask()
    cursor = prepared_cursor()
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
    return [Claimed(*row) for row in cursor.fetchall()]


def trade_durability_for_speed() -> None:
    """In this session a commit does not wait for the disk. Should the database's machine fail,
    the last moments of claims and outcomes are gone: some deliveries come twice, none is lost."""
    if not is_pooled():  # the session would be somebody else's, who was promised more
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")


def release(claimed: Collection[Claimed]) -> None:
    """Give back what was taken and not tried."""
    with connection.cursor() as cursor:
        for shop_id in {one.shop_id for one in claimed}:
            cursor.execute(
                "UPDATE webhooks_delivery SET leased_until = NULL"
                " WHERE shop_id = %s AND id = ANY(%s) AND state = 'pending'",
                [shop_id, [one.id for one in claimed if one.shop_id == shop_id]],
            )


def record_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Keep the attempts, and move their deliveries and webhooks on.

    A delivery whose lease ended may have been tried by two workers: a success counts whoever had
    it, a failure only for whoever tried last. Those of a deleted webhook are forgotten.
    """
    document = orjson.dumps([_row(outcome) for outcome in outcomes])
    prepared_cursor().execute(_RECORD, [document.decode()])
    successes = sum(outcome.is_success for outcome in outcomes)
    counter(ATTEMPTS, "success").inc(successes)
    counter(ATTEMPTS, "failure").inc(len(outcomes) - successes)
    troubled = [o for o in outcomes if o.claimed.is_troubled or not o.is_success]
    if not troubled:
        return
    succeeded = {o.claimed.webhook_id: o.claimed.shop_id for o in troubled if o.is_success}
    failed = {o.claimed.webhook_id: o.claimed.shop_id for o in troubled if not o.is_success}
    gone = {o.claimed.webhook_id: o.claimed.shop_id for o in troubled if o.is_gone}
    with transaction.atomic():
        note_successes(succeeded)
        note_failures({key: shop for key, shop in failed.items() if key not in succeeded}, gone)


def _row(outcome: Outcome) -> dict[str, Any]:
    """Of the attempt, with the state its delivery comes to."""
    claimed, answer = outcome.claimed, outcome.answer
    return {
        "id": new_id(),
        "shop_id": claimed.shop_id,
        "webhook_id": claimed.webhook_id,
        "delivery_id": claimed.id,
        "number": claimed.number,
        "state": outcome.state,
        "url": claimed.url,
        "request_headers": outcome.request_headers,
        "status": answer.status,
        "response_headers": answer.headers,
        "response_body": answer.body,
        "error": answer.error[:500],
        "latency": outcome.latency,
        "is_success": outcome.is_success,
        "next_attempt_at": outcome.next_attempt_at,
    }


# The lanes that hold something, one step in the index each; then the first of each lane that no
# other worker has: what a Claimed holds, in its order.
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
               AND (leased_until IS NULL OR leased_until <= %(now)s)
             ORDER BY next_attempt_at, position
             LIMIT least(
                 coalesce((%(room)s::jsonb ->> open_lane.id::text)::int, %(elsewhere)s),
                 CASE WHEN open_lane.rests > 0 THEN 1 ELSE 1000 END)
               FOR UPDATE SKIP LOCKED
        ) AS first LIMIT %(most)s
    ), taken AS (
        UPDATE webhooks_delivery AS delivery SET leased_until = %(until)s
          FROM due WHERE delivery.shop_id = due.shop_id AND delivery.id = due.id
        RETURNING delivery.*
    )
    SELECT taken.id, taken.shop_id, taken.webhook_id, taken.message_id, taken.attempts + 1,
           taken.retries, taken.leased_until, message.body, webhook.url, webhook.secret,
           CASE WHEN webhook.previous_secret_until > %(now)s
                THEN webhook.previous_secret ELSE '' END,
           webhook.rests > 0,
           webhook.rests > 0 OR webhook.failing_since IS NOT NULL
               OR webhook.resting_until IS NOT NULL,
           message.is_test, message.request_id
      FROM taken
      JOIN webhooks_message AS message
        ON message.shop_id = taken.shop_id AND message.id = taken.message_id
      JOIN webhooks_webhook AS webhook
        ON webhook.shop_id = taken.shop_id AND webhook.id = taken.webhook_id
     ORDER BY taken.position
"""

# The queue lies on one server, so one statement does it, in one round trip.
_RECORD = """
    WITH sent AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%s::jsonb) AS sent(
            id uuid, shop_id uuid, webhook_id uuid, delivery_id uuid, number int, state text,
            url text, request_headers jsonb, status int, response_headers jsonb,
            response_body text, error text, latency int, is_success boolean,
            next_attempt_at timestamptz)
    ), kept AS (
        SELECT delivery.id FROM webhooks_delivery AS delivery
          JOIN sent ON sent.shop_id = delivery.shop_id AND sent.delivery_id = delivery.id
    ), moved AS (
        UPDATE webhooks_delivery AS delivery
           SET attempts = greatest(delivery.attempts, sent.number),
               retries = delivery.retries + CASE WHEN sent.state = 'pending' THEN 1 ELSE 0 END,
               state = CASE WHEN delivery.state = 'held' AND sent.state = 'pending'
                            THEN 'held' ELSE sent.state END,
               next_attempt_at = sent.next_attempt_at,
               leased_until = NULL,
               last_status = sent.status,
               finished_at = CASE WHEN sent.state <> 'pending' THEN now() END
          FROM sent
         WHERE delivery.shop_id = sent.shop_id AND delivery.id = sent.delivery_id
           AND (sent.state = 'succeeded'
                OR (delivery.state IN ('pending', 'held')
                    AND delivery.attempts = sent.number - 1))
    )
    INSERT INTO webhooks_attempt (
        id, shop_id, webhook_id, delivery_id, number, url, request_headers, status,
        response_headers, response_body, error, latency, is_success, next_attempt_at)
    SELECT id, shop_id, webhook_id, delivery_id, number, url, request_headers, status,
           response_headers, response_body, error, latency, is_success, next_attempt_at
      FROM sent WHERE delivery_id IN (SELECT id FROM kept)
"""
