"""How a webhook is doing: success, latency, backlog."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from shops.models import Shop
from webhooks.models import Webhook

WINDOW = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Of the last 24 hours, and of what waits now."""

    attempts: int = 0
    successes: int = 0
    latency_p50: float | None = None
    """Milliseconds from the start of a successful attempt to its end."""
    latency_p95: float | None = None
    waiting: int = 0
    held: int = 0
    failed: int = 0
    """Given up, and kept (30 days)."""
    waiting_since: datetime | None = None

    @property
    def success_rate(self) -> float | None:
        return self.successes / self.attempts if self.attempts else None


def statistics_of(shop: Shop, webhooks: Sequence[Webhook]) -> dict[UUID, Statistics]:
    """By webhook: two queries, however many there are."""
    ids = [webhook.id for webhook in webhooks]
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, [shop.id, ids, timezone.now() - WINDOW])
        attempts = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_BACKLOG, [shop.id, ids])
        backlog = {row[0]: row[1:] for row in cursor.fetchall()}
    found = {}
    for webhook_id in ids:
        count, successes, p50, p95 = attempts.get(webhook_id, (0, 0, None, None))
        waiting, held, failed, since = backlog.get(webhook_id, (0, 0, 0, None))
        found[webhook_id] = Statistics(
            attempts=count,
            successes=successes,
            latency_p50=p50,
            latency_p95=p95,
            waiting=waiting,
            held=held,
            failed=failed,
            waiting_since=since,
        )
    return found


_ATTEMPTS = """
    SELECT webhook_id, count(*), count(*) FILTER (WHERE is_success),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY latency) FILTER (WHERE is_success),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY latency) FILTER (WHERE is_success)
      FROM webhooks_attempt
     WHERE shop_id = %s AND webhook_id = ANY(%s) AND created_at >= %s
     GROUP BY webhook_id
"""

_BACKLOG = """
    SELECT webhook_id,
           count(*) FILTER (WHERE state = 'pending'),
           count(*) FILTER (WHERE state = 'held'),
           count(*) FILTER (WHERE state = 'failed'),
           min(created_at) FILTER (WHERE state IN ('pending', 'held'))
      FROM webhooks_delivery
     WHERE shop_id = %s AND webhook_id = ANY(%s) AND state <> 'succeeded'
     GROUP BY webhook_id
"""
