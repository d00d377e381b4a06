"""Answers to customers by e-mail: queued with the change, sent by a task after its commit."""

from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

import structlog
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from claims.errors import AnswerUnsendable
from claims.history import enter
from claims.models import Claim, ClaimMail, EntryKind
from common.logs.errors import brief
from orders.models import Order
from orders.tracking_link import tracking_page_url

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""After each failure; after the last one the mail is given up, and the history says so."""
LEASE = timedelta(minutes=5)
BATCH = 50

log = structlog.get_logger()


def queue_mail(
    claim: Claim, text: str, *, must: bool = False, actor: str | None = None
) -> ClaimMail | None:
    """In the caller's transaction. Without an address: None, or `AnswerUnsendable` if it must."""
    order = Order.objects.of(claim.shop).get(id=claim.order_id)
    if "@" not in order.email_id or claim.is_test:
        if must:
            raise AnswerUnsendable(_("The order has no e-mail address to write to."))
        return None
    with translation.override(claim.shop.language):
        subject = _("Your claim for order %(number)s at %(shop)s") % {
            "number": order.order_number,
            "shop": claim.shop.name,
        }
        context = {
            "claim": claim,
            "order": order,
            "shop": claim.shop,
            "answer": text,
            "url": tracking_page_url(claim.shop_id, order.id),
        }
        body = render_to_string("claims/answer.txt", context)
    entry = enter(claim, EntryKind.ANSWERED, text=text, details={"to": order.email_id}, actor=actor)
    return ClaimMail.objects.create(
        shop_id=claim.shop_id,
        entry=entry,
        recipient=order.email_id,
        subject=" ".join(subject.split())[:255],
        body=body,
        due_at=timezone.now(),
    )


def send_mails() -> int:
    """Send what is due, in every shop; how many went out. Twice at once sends nothing twice."""
    sent = 0
    for mail in _take(timezone.now()):
        sent += _send(mail)
    return sent


def _take(now: datetime) -> list[ClaimMail]:
    """What is due, for us alone until the lease ends: mail servers take their time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [now + LEASE, now, BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    return list(ClaimMail.objects.filter(id__in=ids).select_related("shop"))


def _send(mail: ClaimMail) -> bool:
    message = EmailMessage(mail.subject, mail.body, None, [mail.recipient])
    try:
        message.send()
    except (OSError, SMTPException, ValueError) as problem:
        log.warning("claims.mail_failed", shop=mail.shop.slug, problem=brief(problem))
        _settle(mail, trouble=str(problem)[:255], due_at=_again_at(mail))
        return False
    _settle(mail, trouble="", due_at=None, sent_at=timezone.now())
    return True


def _again_at(mail: ClaimMail) -> datetime | None:
    return timezone.now() + WAITS[mail.tries] if mail.tries < len(WAITS) else None


def _settle(mail: ClaimMail, **outcome: Any) -> None:
    rows = ClaimMail.objects.of(mail.shop).filter(id=mail.id)
    rows.update(tries=mail.tries + 1, **outcome)


_TAKE = """
    UPDATE claims_claimmail SET due_at = %s
     WHERE id IN (SELECT id FROM claims_claimmail WHERE due_at <= %s
                   ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""
