"""What waits for a worker: nothing may wait for long."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from doctor.check import ShopCheck, Trouble
from shops.models import Shop

LATE = timedelta(minutes=15)
"""Longer than any lease, and than a restart of everything."""
NAMED = 100
"""Rows of a queue that are named; more would say the same."""


def _waiting(statement: str) -> Callable[[Shop], Iterator[Trouble]]:
    """`statement` selects (id, label, detail) of what waits since `before`."""

    def ask(shop: Shop) -> Iterator[Trouble]:
        with connection.cursor() as cursor:
            values: dict[str, UUID | datetime] = {"shop": shop.id, "before": timezone.now() - LATE}
            cursor.execute(f"{statement} LIMIT {NAMED}", values)
            found = cursor.fetchall()
        for subject, label, detail in found:
            yield Trouble(subject=str(subject), label=str(label), detail=detail)

    return ask


UNRELAYED = ShopCheck(
    name="unrelayed-events",
    title="What happens is relayed to webhooks and mails within moments",
    means="Nobody is told of what happens.",
    advice="Is `manage.py deliver` running, or worker and beat? Its log names a shop whose events "
    "it cannot relay (webhooks.dispatch_failed).",
    ask=_waiting("""
        SELECT id, ref, concat('waits since ', created_at) FROM events_event
         WHERE shop_id = %(shop)s AND NOT is_relayed AND created_at < %(before)s
         ORDER BY created_at
    """),
)

DUE_DELIVERIES = ShopCheck(
    name="due-deliveries",
    title="Deliveries are sent when they are due, and held back only while their webhook is off",
    means="A program of the shop hears too late, or never.",
    advice="Is `manage.py deliver` running? Deliveries that are on hold though their webhook is "
    "active go on when it is paused and activated in the portal.",
    ask=_waiting("""
        SELECT delivery.id, webhook.url,
               concat('is ', delivery.state, ', due since ', delivery.next_attempt_at)
          FROM webhooks_delivery AS delivery
          JOIN webhooks_webhook AS webhook
            ON webhook.shop_id = delivery.shop_id AND webhook.id = delivery.webhook_id
         WHERE delivery.shop_id = %(shop)s AND webhook.status = 'active'
           AND (webhook.resting_until IS NULL OR webhook.resting_until < %(before)s)
           AND (delivery.state = 'held'
             OR (delivery.state = 'pending' AND delivery.next_attempt_at < %(before)s
                 AND (delivery.leased_until IS NULL OR delivery.leased_until < %(before)s)))
    """),
)

DUE_MAILS = ShopCheck(
    name="due-mails",
    title="Mails are sent when they are due",
    means="Customers and staff are not told.",
    advice="Is `manage.py deliver` running (notices), are worker and beat (answers to claims)? "
    "Does the mail server answer?",
    ask=_waiting("""
        SELECT id, label, concat('is due since ', due_at) FROM (
          SELECT id, event_group AS label, next_attempt_at AS due_at FROM notices_mail
           WHERE shop_id = %(shop)s AND state = 'waiting'
             AND next_attempt_at < %(before)s
             AND (leased_until IS NULL OR leased_until < %(before)s)
           UNION ALL
          SELECT id, event_group, leased_until FROM notices_mail
           WHERE shop_id = %(shop)s AND state = 'sending' AND leased_until < %(before)s
           UNION ALL
          SELECT id, 'an answer to a claim', due_at FROM claims_claimmail
           WHERE shop_id = %(shop)s AND due_at < %(before)s
        ) AS mail
    """),
)

RUNNING_JOBS = ShopCheck(
    name="running-jobs",
    title="Jobs and replays that run get on",
    means="An import, an export or a replay that somebody waits for stands still.",
    advice="Are worker and beat running (jobs), is `manage.py deliver` (replays)?",
    ask=_waiting("""
        SELECT id, label, detail FROM (
          SELECT id, kind AS label, concat('has not moved since ', updated_at) AS detail
            FROM jobs_job
           WHERE shop_id = %(shop)s AND state = 'running' AND updated_at < %(before)s
             AND (leased_until IS NULL OR leased_until < %(before)s)
           UNION ALL
          SELECT id, 'a replay', concat('asked for at ', created_at)
            FROM webhooks_replay
           WHERE shop_id = %(shop)s AND state = 'running' AND created_at < %(before)s
             AND looked_at = 0
        ) AS job
    """),
)

OLD_MARKS = ShopCheck(
    name="old-marks",
    title="Days that changed are worked out anew within minutes",
    means="Numbers are right, but slow to read: these days are counted row by row.",
    advice="Are worker and beat running? `manage.py rebuild_numbers --continue` does it at once.",
    ask=_waiting("""
        SELECT DISTINCT hour, concat('orders of the hour from ', hour),
               concat('has waited since before ', %(before)s)
          FROM analytics_mark
         WHERE shop_id = %(shop)s AND current_setting('track_commit_timestamp') = 'on'
           AND pg_xact_commit_timestamp(xmin) < %(before)s
         ORDER BY hour
    """),
)
