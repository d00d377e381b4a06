"""Mails that are due: taken by workers for a while, and what became of them.

A worker that takes a mail has it until its lease ends. Just before it hands it to the mail server
it writes so down: of one that dies in between nobody knows whether the mail went out. It is not
sent again by itself then, for one mail too few is better than one too many; a person may send it.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from common.counters import MAILS, counter
from common.database_clock import database_clock
from notices.models import Mail, MailState
from notices.rendering import Rendered

BATCH, SHOPS = 10, 8
"""Mails of one shop, and shops, drawn by lot, at a time: no shop waits for another one."""
LEASE = timedelta(minutes=10)
"""Longer than a batch takes where each step of the conversation is just in time."""
GIVEN_UP_AFTER = timedelta(days=3)
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
INTERRUPTED = gettext_noop(
    "It was interrupted while the mail server had it: it may have arrived or not."
)
TOO_LATE = gettext_noop("Given up: it could not be sent for three days.")


def claim() -> list[Mail]:
    """Take what is due, so many of each shop."""
    now = database_clock.ask()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "batch": BATCH, "shops": SHOPS})
        taken = cursor.fetchall()
    rows = Mail.objects.filter(
        shop_id__in={shop_id for shop_id, _ in taken}, id__in=[mail_id for _, mail_id in taken]
    )
    return list(rows.select_related("shop").order_by("shop_id", "next_attempt_at", "id"))


def mark_as_handed_over(mail: Mail, said: Rendered, *, language: str, is_own_text: bool) -> bool:
    """Write down what is about to be said. False where the lease has ended and another has it."""
    now = database_clock.now()
    taken = (
        _held(mail)
        .filter(state=MailState.WAITING)
        .update(
            state=MailState.SENDING,
            leased_until=now + LEASE,
            attempts=mail.attempts + 1,
            subject=said.subject,
            text=said.text,
            html=said.html,
            language=language,
            is_own_text=is_own_text,
        )
    )
    if taken:
        mail.leased_until, mail.attempts = now + LEASE, mail.attempts + 1
    return bool(taken)


def settle(mail: Mail, state: MailState, error: str = "") -> None:
    """It is over: sent, skipped, failed or unclear. That it was sent counts also when it is said
    late, after the lease."""
    rows = _row(mail) if state is MailState.SENT else _held(mail)
    unsettled = [MailState.WAITING, MailState.SENDING, MailState.UNSURE]
    settled = rows.filter(state__in=unsettled).update(
        state=state, error=error[:500], leased_until=None, finished_at=database_clock.now()
    )
    counter(MAILS, state.value).inc(settled)


def try_again(mail: Mail, error: str) -> None:
    """It was refused for now: later, or given up after the last retry."""
    if mail.attempts > len(RETRIES):
        settle(mail, MailState.FAILED, error)
        return
    at = database_clock.now() + RETRIES[mail.attempts - 1]
    _held(mail).update(
        state=MailState.WAITING, next_attempt_at=at, leased_until=None, error=error[:500]
    )


def release(mails: Collection[Mail], error: str = "") -> None:
    """Give back what was taken and not tried; it stays due."""
    for mail in mails:
        changed = {"error": error[:500]} if error else {}
        _held(mail).filter(state=MailState.WAITING).update(leased_until=None, **changed)


def tidy() -> None:
    """What interrupted workers left, and what waited in vain for too long."""
    now = database_clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_INTERRUPTED, {"now": now, "error": INTERRUPTED})
        cursor.execute(_TOO_LATE, {"now": now, "before": now - GIVEN_UP_AFTER, "error": TOO_LATE})


def _row(mail: Mail) -> "QuerySet[Mail]":
    return Mail.objects.filter(shop_id=mail.shop_id, id=mail.id)


def _held(mail: Mail) -> "QuerySet[Mail]":
    """The row, unless another worker has it by now."""
    return _row(mail).filter(leased_until=mail.leased_until)


# The shops that have something to send, one step in the index each; then the first of each that no
# other worker has.
_CLAIM = """
    WITH RECURSIVE waiting(shop_id) AS (
        (SELECT shop_id FROM notices_mail WHERE state = 'waiting' ORDER BY shop_id LIMIT 1)
        UNION ALL
        SELECT next.shop_id FROM waiting CROSS JOIN LATERAL (
            SELECT shop_id FROM notices_mail
             WHERE state = 'waiting' AND shop_id > waiting.shop_id ORDER BY shop_id LIMIT 1
        ) AS next
    ), due AS (
        SELECT first.* FROM (
            SELECT shop_id FROM waiting ORDER BY random() LIMIT %(shops)s
        ) AS drawn CROSS JOIN LATERAL (
            SELECT shop_id, id FROM notices_mail
             WHERE shop_id = drawn.shop_id AND state = 'waiting' AND next_attempt_at <= %(now)s
               AND (leased_until IS NULL OR leased_until <= %(now)s)
             ORDER BY next_attempt_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
        ) AS first
    )
    UPDATE notices_mail AS mail SET leased_until = %(until)s
      FROM due WHERE mail.shop_id = due.shop_id AND mail.id = due.id
    RETURNING mail.shop_id, mail.id
"""

_INTERRUPTED = """
    UPDATE notices_mail
       SET state = 'unsure', error = %(error)s, leased_until = NULL, finished_at = %(now)s
     WHERE state = 'sending' AND leased_until < %(now)s
"""
_TOO_LATE = """
    UPDATE notices_mail
       SET state = 'failed', finished_at = %(now)s, leased_until = NULL,
           error = CASE error WHEN '' THEN %(error)s ELSE error END
     WHERE state = 'waiting' AND queued_at < %(before)s
       AND (leased_until IS NULL OR leased_until < %(now)s)
"""
