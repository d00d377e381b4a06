"""Telling a shop's admins that a webhook was switched off: by e-mail, and in the portal."""

from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.dates import format_datetime
from common.logs.errors import brief
from shops.models import Role, Shop, User
from webhooks.models import DisabledReason, Webhook, WebhookStatus

WORTH_TELLING = timedelta(days=7)
"""Of a webhook that was switched off longer ago nobody is told any more by e-mail."""

log = structlog.get_logger()


def disabled_webhooks(shop: Shop) -> QuerySet[Webhook]:
    """Those of the shop that we switched off, and nobody switched on again."""
    return Webhook.objects.of(shop).filter(
        status=WebhookStatus.INACTIVE, disabled_reason__in=DisabledReason.values
    )


def tell_of_disabled_webhooks() -> int:
    """Write to the admins of each shop of which a webhook was switched off; how many webhooks.

    A mail that could not be sent is sent the next time; one that was sent is not sent again,
    unless this process dies in between.
    """
    untold = Webhook.objects.filter(
        status=WebhookStatus.INACTIVE,
        disabled_told_at=None,
        disabled_at__gt=timezone.now() - WORTH_TELLING,
    ).values_list("shop_id", "id")
    told = 0
    for shop_id, webhook_id in untold:
        with transaction.atomic():
            # No lock on the row: mail takes its time, and the webhook goes on being used.
            if not _lock(webhook_id):
                continue
            rows = Webhook.objects.filter(shop_id=shop_id, id=webhook_id, disabled_told_at=None)
            webhook = rows.select_related("shop").first()
            if webhook is None or webhook.disabled_at is None:  # switched on meanwhile
                continue
            try:
                _tell(webhook, since=webhook.disabled_at)
            except (OSError, SMTPException) as problem:
                log.warning("webhooks.mail_failed", shop=webhook.shop.slug, problem=brief(problem))
                continue
            rows.update(disabled_told_at=timezone.now())
            told += 1
    return told


def _lock(webhook_id: UUID) -> bool:
    """Until the end of the transaction nobody else tells of this webhook."""
    number = int.from_bytes(webhook_id.bytes[8:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _tell(webhook: Webhook, *, since: datetime) -> None:
    """One mail for each admin, in the shop's language: they need not see each other's addresses."""
    shop = webhook.shop
    admins = User.objects.filter(
        memberships__shop=shop, memberships__role=Role.ADMIN, is_active=True
    )
    local = since.astimezone(ZoneInfo(shop.timezone))
    day_and_time = format_datetime(local, "EEE d MMM y, HH:mm", locale=shop.language)
    with translation.override(shop.language):
        subject = _("%s: a webhook was switched off") % shop.name
        said = _(
            "We no longer call %(url)s\n\n"
            "Why: %(why)s.\n"
            "Since: %(since)s.\n\n"
            "What waits for it is kept. When the endpoint works again, activate the webhook, and "
            "replay what it missed:\n%(page)s"
        )
        facts = {
            "url": webhook.url,
            "why": DisabledReason(webhook.disabled_reason).label,
            "since": f"{day_and_time} {local:%Z}",
            "page": f"{settings.BASE_URL}/shops/{shop.slug}/webhooks/{webhook.id}",
        }
        body = said % facts
    for email in admins.values_list("email", flat=True):
        send_mail(" ".join(subject.split()), f"{body}\n", None, [email])
