"""Webhooks: each event that was relayed has its one delivery to each webhook that wants it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from doctor.check import RowCheck, ShopCheck, Trouble
from doctor.checks.kept_events import events_kept_from
from events.models import Event
from events.nudge import nudge
from shops.models import Shop
from webhooks.models import Delivery, Webhook
from webhooks.replay import Selection, fact_of, queue_events, selected_events
from webhooks.retention import KEPT_FOR
from webhooks.subscriptions import is_wanted

LOOKED_BACK = KEPT_FOR - timedelta(days=1)
"""Older deliveries may be forgotten already."""
SETTLED = timedelta(minutes=1)
"""After a change of a webhook: facts of that moment may have been relayed by what held before."""
WINDOW = timedelta(hours=6)
"""Of events that one statement looks at."""
AT_ONCE = 200


def _missing(shop: Shop) -> Iterator[Trouble]:
    now = timezone.now()
    for webhook in Webhook.objects.of(shop).active().select_related("shop"):
        start = max(webhook.updated_at + SETTLED, now - LOOKED_BACK)
        while start < now:
            events = _undelivered(webhook, start, min(start + WINDOW, now))
            for event in events.only("id", "ref"):
                yield Trouble(
                    subject=f"{webhook.id}/{event.id}",
                    label=f"{event.ref} to {webhook.url}",
                    detail="was relayed, and was never queued for this webhook",
                )
            start += WINDOW


def _undelivered(webhook: Webhook, start: datetime, end: datetime) -> "QuerySet[Event]":
    selection = Selection(start=start, end=end, only_undelivered=False)
    deliveries = Delivery.objects.filter(
        shop_id=webhook.shop_id, webhook_id=webhook.id, message_id=OuterRef("id")
    )
    events = selected_events(webhook, selection).filter(is_relayed=True)
    return events.exclude(Exists(deliveries)).order_by("created_at", "id")


def _queue(shop: Shop, subjects: Sequence[str]) -> int:
    wanted: dict[UUID, list[UUID]] = {}
    for subject in subjects:
        webhook_id, event_id = subject.split("/")
        wanted.setdefault(UUID(webhook_id), []).append(UUID(event_id))
    queued = 0
    for webhook in Webhook.objects.of(shop).active().filter(id__in=wanted):
        ids = wanted[webhook.id]
        for first in range(0, len(ids), AT_ONCE):
            events = Event.objects.of(shop).filter(id__in=ids[first : first + AT_ONCE])
            facts = [fact_of(event) for event in events.order_by("created_at", "id")]
            with transaction.atomic():
                queued += queue_events(shop, webhook, facts)
                transaction.on_commit(nudge)
    return queued


def _unwanted(shop: Shop) -> Iterator[Trouble]:
    now = timezone.now()
    for webhook in Webhook.objects.of(shop):
        since = max(webhook.updated_at + SETTLED, now - LOOKED_BACK)
        values: dict[str, UUID | datetime] = {
            "shop": shop.id,
            "webhook": webhook.id,
            "since": since,
        }
        with connection.cursor() as cursor:
            cursor.execute(_KINDS_SENT, values)
            unwanted = [
                (ref, group)
                for ref, group in cursor.fetchall()
                if not is_wanted(webhook.enabled_events, ref=ref, event_group=group)
            ]
            values["created_at"] = webhook.created_at
            cursor.execute(_TOO_EARLY, values)
            too_early = cursor.fetchall()
        for ref, group in unwanted:
            yield Trouble(
                subject=f"{webhook.id}/{ref}/{group}",
                label=f"{ref} to {webhook.url}",
                detail="is sent to a webhook that did not ask for it",
            )
        for delivery_id, ref in too_early:
            yield Trouble(
                subject=str(delivery_id),
                label=f"{ref} to {webhook.url}",
                detail="happened before there was this webhook, and nobody replayed it",
            )


_KINDS_SENT = """
    SELECT DISTINCT message.ref, message.event_group
      FROM webhooks_delivery AS delivery
      JOIN webhooks_message AS message
        ON message.shop_id = delivery.shop_id AND message.id = delivery.message_id
     WHERE delivery.shop_id = %(shop)s AND delivery.webhook_id = %(webhook)s
       AND delivery.created_at >= %(since)s AND NOT message.is_test
"""
_TOO_EARLY = """
    SELECT delivery.id, message.ref
      FROM webhooks_delivery AS delivery
      JOIN webhooks_message AS message
        ON message.shop_id = delivery.shop_id AND message.id = delivery.message_id
     WHERE delivery.shop_id = %(shop)s AND delivery.webhook_id = %(webhook)s
       AND delivery.created_at >= %(since)s AND NOT message.is_test
       AND message.triggered_at < %(created_at)s - interval '1 minute'
       AND NOT EXISTS (SELECT FROM webhooks_replay AS replay
                        WHERE replay.shop_id = %(shop)s AND replay.webhook_id = %(webhook)s
                          AND message.triggered_at >= replay.start
                          AND message.triggered_at < replay.end)
     LIMIT 1000
"""

DELIVERIES = ShopCheck(
    name="deliveries",
    title="Every event that was relayed is queued for each webhook that wants it",
    means="Programs of the shop were never told of something that happened.",
    advice="--mend queues what is missing, now. It looks at the last 29 days, and at what happened "
    "after each webhook's last change.",
    ask=_missing,
    mend=_queue,
)

UNWANTED_DELIVERIES = ShopCheck(
    name="unwanted-deliveries",
    title="Nothing is sent to a webhook that did not ask for it, or came later",
    means="A program is told of what it is not meant to know.",
    advice="Look at the deliveries in the portal; deleting the webhook deletes them.",
    ask=_unwanted,
)

MESSAGES = RowCheck(
    name="messages",
    title="Everything that is sent was said by an event",
    means="A program was told of something that the log does not know.",
    advice="Rows of the log were deleted past the services. Restore them from a backup, or leave "
    "it: messages are forgotten after 30 days.",
    table="webhooks_message",
    moment="created_at",
    known_now=events_kept_from,
    statement="""
        SELECT it.id, it.ref, 'has no event in the log'
          FROM webhooks_message AS it
         WHERE {rows} AND it.id >= %(kept_from)s AND NOT it.is_test
           AND NOT EXISTS (SELECT FROM events_event AS event
                            WHERE event.shop_id = it.shop_id AND event.id = it.id)
    """,
)
