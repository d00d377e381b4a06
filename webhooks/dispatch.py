"""From facts to deliveries and mails: after their commit, in its order, one per webhook that wants
it, and one per notice (`notices.queueing`).

Any number of processes may do this at once, die at any point and do it twice: messages, deliveries
and mails are inserted where they are missing, committed, and only then are the facts marked as
relayed. A lock per shop keeps two processes from numbering a shop's messages at once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Max

from common.ids import new_id
from common.rows import insert_new_rows
from events.models import Source
from events.relay import (
    CommittedFact,
    mark_relayed,
    shops_with_unrelayed_facts,
    unrelayed_facts,
)
from notices.queueing import queue_mails
from shops.models import Shop
from webhooks.composing import compose_bodies
from webhooks.models import Delivery, Message, Webhook
from webhooks.subscriptions import is_wanted

BATCH = 200
"""Facts at a time, so that a shop with many does not keep the others waiting."""

LOCK_SPACE = 0x6B61726C61  # "karla"

log = structlog.get_logger()


def dispatch() -> int:
    """Relay whatever waits, in every shop; how many facts."""
    relayed = 0
    while shops := shops_with_unrelayed_facts():
        counts = [_dispatch_shop_alone(shop) for shop in shops]
        relayed += sum(counts)
        if not any(counts):  # others are at it
            break
    return relayed


def _dispatch_shop_alone(shop: Shop) -> int:
    """What is wrong with the facts of one shop must not stop those of the others."""
    try:
        return dispatch_shop(shop)
    except (OperationalError, InterfaceError):
        raise  # that is about the database
    except Exception:
        log.exception("webhooks.dispatch_failed", shop=shop.slug)
        return 0


def dispatch_shop(shop: Shop, *, limit: int = BATCH) -> int:
    """Relay the shop's first facts; how many. None while another process does it."""
    with transaction.atomic():
        if not _lock(shop):
            return 0
        facts = unrelayed_facts(shop, limit=limit)
        fresh = [fact for fact in facts if not is_stale(shop, fact)]
        _queue(shop, fresh)
        queue_mails(shop, fresh)
    mark_relayed(shop, [fact.id for fact in facts])
    return len(facts)


def is_stale(shop: Shop, fact: CommittedFact) -> bool:
    """Whether what a carrier reports happened too long before we heard of it, for this shop."""
    if fact.source != Source.SHIPMENTS:
        return False
    happened_at = _moment(fact.event_data.get("event_time"))
    return happened_at is not None and fact.created_at - happened_at > shop.stale_after


def wanted_by(webhook: Webhook, fact: CommittedFact) -> bool:
    return is_wanted(webhook.enabled_events, ref=fact.ref, event_group=fact.event_group)


def queue_messages(shop: Shop, facts: Sequence[CommittedFact]) -> None:
    """Compose and keep what is said of the facts, unless it was said already. Takes the shop's
    lock: inside the caller's transaction, until its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_number(shop)])
    _insert_messages(shop, facts)


def _queue(shop: Shop, facts: Sequence[CommittedFact]) -> None:
    webhooks = list(Webhook.objects.of(shop).active()) if facts else []
    told = [
        (fact, webhook)
        for fact in facts
        for webhook in webhooks
        if webhook.created_at <= fact.committed_at and wanted_by(webhook, fact)
    ]
    if not told:
        return
    wanted = {fact.id for fact, _ in told}
    positions = _insert_messages(shop, [fact for fact in facts if fact.id in wanted])
    insert_new_rows(
        Delivery,
        [
            {
                "id": new_id(),
                "shop_id": shop.id,
                "webhook_id": webhook.id,
                "message_id": fact.id,
                "position": positions[fact.id],
            }
            for fact, webhook in told
        ],
    )


def _insert_messages(shop: Shop, facts: Sequence[CommittedFact]) -> dict[UUID, int]:
    last = Message.objects.of(shop).aggregate(last=Max("position"))["last"] or 0
    positions = {fact.id: last + number for number, fact in enumerate(facts, start=1)}
    bodies = compose_bodies(shop, facts)
    insert_new_rows(
        Message, [_message_row(shop, fact, positions[fact.id], bodies[fact.id]) for fact in facts]
    )
    return positions


def _message_row(shop: Shop, fact: CommittedFact, position: int, body: str) -> dict[str, Any]:
    return {
        "id": fact.id,
        "shop_id": shop.id,
        "position": position,
        "ref": fact.ref,
        "event_group": fact.event_group,
        "order_id": fact.order_id,
        "request_id": fact.request_id,
        "body": body,
        "triggered_at": fact.created_at,
    }


def _lock(shop: Shop) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_number(shop)])
        return bool(cursor.fetchone()[0])


def _lock_number(shop: Shop) -> int:
    """64 bits of the shop's id, as PostgreSQL's signed integer."""
    return int.from_bytes(
        ((shop.id.int ^ LOCK_SPACE) & (2**64 - 1)).to_bytes(8, "big"), "big", signed=True
    )


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
