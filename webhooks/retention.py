"""What is kept of deliveries, and for how long (the contract's section 5)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from common.partitions import CutTable, Span, cut
from webhooks.inbox import INBOX
from webhooks.models import Webhook

ATTEMPTS = CutTable(name="webhooks_attempt", span=Span.WEEK)
KEPT_FOR = timedelta(days=30)
KEPT_IN_INBOX = timedelta(days=3)
"""Of what went to a shop's test inbox: it is to be looked at, and nobody's record."""
CHUNK = 5_000
"""Rows at a time, so that nobody waits for a long transaction."""


def attempts_kept_since(now: datetime) -> datetime:
    return now - KEPT_FOR


def cut_attempts() -> list[str]:
    """Make the table's next weeks, and forget those of which nothing is kept any more."""
    now = timezone.now()
    return cut(ATTEMPTS, now=now, kept_since=attempts_kept_since(now))


def forget_old_deliveries() -> int:
    """Delete finished deliveries, ended replays and messages that are too old.

    What still waits stays, and so does its message. Returns how many rows went.
    """
    now, forgotten = timezone.now(), 0
    before = now - KEPT_FOR
    webhooks = Webhook.objects.order_by("id").values_list("shop_id", "id", "url")
    for shop_id, webhook_id, url in webhooks:
        delivered_before = before
        if url == INBOX:
            delivered_before = now - KEPT_IN_INBOX
            forgotten += _in_chunks(_ATTEMPTS, [shop_id, webhook_id, delivered_before])
        forgotten += _in_chunks(
            _DELIVERIES, [shop_id, webhook_id, delivered_before, delivered_before]
        )
        forgotten += _in_chunks(_REPLAYS, [shop_id, webhook_id, before])
    for shop_id in Webhook.objects.order_by("shop_id").values_list("shop_id", flat=True).distinct():
        forgotten += _in_chunks(_MESSAGES, [shop_id, before])
    return forgotten


def _in_chunks(statement: str, arguments: list[UUID | datetime]) -> int:
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*arguments, CHUNK])
            count: int = cursor.rowcount
            forgotten += count
            if count < CHUNK:
                return forgotten


_ATTEMPTS = """
    DELETE FROM webhooks_attempt WHERE (shop_id, id) IN (
        SELECT shop_id, id FROM webhooks_attempt
         WHERE shop_id = %s AND webhook_id = %s AND created_at < %s LIMIT %s)
"""
_DELIVERIES = """
    DELETE FROM webhooks_delivery WHERE (shop_id, id) IN (
        SELECT shop_id, id FROM webhooks_delivery
         WHERE shop_id = %s AND webhook_id = %s AND created_at < %s
           AND state IN ('succeeded', 'failed') AND finished_at < %s
         LIMIT %s)
"""
_REPLAYS = """
    DELETE FROM webhooks_replay WHERE (shop_id, id) IN (
        SELECT shop_id, id FROM webhooks_replay
         WHERE shop_id = %s AND webhook_id = %s AND finished_at < %s LIMIT %s)
"""
_MESSAGES = """
    DELETE FROM webhooks_message WHERE (shop_id, id) IN (
        SELECT message.shop_id, message.id FROM webhooks_message AS message
         WHERE message.shop_id = %s AND message.created_at < %s
           AND NOT EXISTS (SELECT FROM webhooks_delivery AS delivery
                            WHERE delivery.shop_id = message.shop_id
                              AND delivery.message_id = message.id)
         LIMIT %s)
"""
