"""Telling a shop's admins that a webhook was switched off: by e-mail, and in the portal."""

from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

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
            if webhook is None:
                continue
            try:
                _tell(webhook)
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


def _tell(webhook: Webhook) -> None:
    """One mail for each admin: they need not see each other's addresses."""
    admins = User.objects.filter(
        memberships__shop=webhook.shop, memberships__role=Role.ADMIN, is_active=True
    )
    why = DisabledReason(webhook.disabled_reason).label
    page = f"{settings.BASE_URL.rstrip('/')}/shops/{webhook.shop.slug}/webhooks/{webhook.id}"
    for email in admins.values_list("email", flat=True):
        send_mail(
            f"{webhook.shop.name}: a webhook was switched off",
            f"We no longer call {webhook.url}\n\n"
            f"Why: {why}.\n"
            f"Since: {webhook.disabled_at:%Y-%m-%d %H:%M} UTC.\n\n"
            f"What waits for it is kept. When the endpoint works again, activate the webhook, and "
            f"replay what it missed:\n{page}\n",
            None,
            [email],
        )
