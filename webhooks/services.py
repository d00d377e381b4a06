"""What people and programs do with a shop's webhooks."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.audit import record_deletion
from common.encryption import encrypt
from events.nudge import nudge
from shops.models import Shop
from webhooks.addresses import check_url
from webhooks.errors import DeliveryInactive, TooManyWebhooks, WebhookNotFound
from webhooks.health import hold_deliveries, resume_deliveries
from webhooks.models import Delivery, DeliveryState, Webhook, WebhookStatus
from webhooks.signing import new_secret
from webhooks.subscriptions import EVERYTHING

MOST_PER_SHOP = 100
OVERLAP = timedelta(hours=24)
"""For so long after a rotation both secrets sign."""


def create_webhook(
    shop: Shop,
    *,
    url: str,
    enabled_events: Sequence[str] = (EVERYTHING,),
    secret: str | None = None,
    description: str = "",
    status: WebhookStatus = WebhookStatus.ACTIVE,
) -> tuple[Webhook, str]:
    """The webhook, and its secret, which is not shown again.

    Raises AddressRefused for a URL that webhooks may not call, TooManyWebhooks.
    """
    url = check_url(url)  # asks for the name's addresses: not inside the transaction
    secret = secret or new_secret()
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(id=shop.id)
        if Webhook.objects.of(shop).count() >= MOST_PER_SHOP:
            raise TooManyWebhooks(
                _("A shop has at most %d webhooks; delete one first.") % MOST_PER_SHOP
            )
        webhook = Webhook(
            shop=shop,
            url=url,
            enabled_events=list(enabled_events),
            description=description,
            status=status,
            secret=encrypt(secret),
        )
        webhook.save(force_insert=True)
    return find_webhook(shop, webhook), secret


def update_webhook(
    webhook: Webhook,
    *,
    url: str | None = None,
    enabled_events: Sequence[str] | None = None,
    description: str | None = None,
    status: WebhookStatus | None = None,
) -> Webhook:
    """Change what is given. Paused, its deliveries are on hold; active again, they go on."""
    url = None if url is None else check_url(url)
    with transaction.atomic():
        webhook = _locked(webhook)
        if url is not None and url != webhook.url:
            webhook.url = url
            webhook.rests, webhook.resting_until = 0, None  # that was about another endpoint
        if enabled_events is not None:
            webhook.enabled_events = list(enabled_events)
        if description is not None:
            webhook.description = description
        if status is not None and status != webhook.status:
            _switch(webhook, status)
        webhook.updated_at = timezone.now()
        webhook.save()
    return webhook


def rotate_secret(
    webhook: Webhook, *, secret: str | None = None, overlap: timedelta = OVERLAP
) -> tuple[Webhook, str]:
    """A new secret, which is not shown again. Until the overlap ends the last one signs, too."""
    secret = secret or new_secret()
    with transaction.atomic():
        webhook = _locked(webhook)
        now = timezone.now()
        webhook.previous_secret = webhook.secret if overlap else ""
        webhook.previous_secret_until = now + overlap if overlap else None
        webhook.secret = encrypt(secret)
        webhook.updated_at = now
        webhook.save(
            update_fields=["secret", "previous_secret", "previous_secret_until", "updated_at"]
        )
    return webhook, secret


def delete_webhook(webhook: Webhook) -> None:
    """With its deliveries and their attempts; what is in flight arrives all the same."""
    with transaction.atomic():
        webhook = _locked(webhook)
        record_deletion(webhook)
        with connection.cursor() as cursor:
            for statement in _DELETE:
                cursor.execute(statement, [webhook.shop_id, webhook.id])


def resend(delivery: Delivery) -> Delivery:
    """Send it again now, whatever became of it; the schedule of retries starts anew."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.filter(shop_id=delivery.shop_id)
            .select_for_update(of=("self",))
            .select_related("webhook", "message")
            .get(id=delivery.id)
        )
        if not delivery.webhook.is_active:
            raise DeliveryInactive(_("The webhook is inactive; activate it first."))
        delivery.state = DeliveryState.PENDING
        delivery.retries = 0
        delivery.next_attempt_at = timezone.now()
        delivery.leased_until = delivery.finished_at = None
        delivery.save(
            update_fields=["state", "retries", "next_attempt_at", "leased_until", "finished_at"]
        )
        transaction.on_commit(nudge)
    return delivery


def find_webhook(shop: Shop, webhook: Webhook) -> Webhook:
    """As it is stored now; raises WebhookNotFound."""
    found = Webhook.objects.of(shop).filter(id=webhook.id).first()
    if found is None:
        raise WebhookNotFound(f"There is no webhook {webhook.id} in this shop.")
    return found


def _locked(webhook: Webhook) -> Webhook:
    rows = Webhook.objects.filter(shop_id=webhook.shop_id).select_for_update()
    found = rows.filter(id=webhook.id).first()
    if found is None:
        raise WebhookNotFound(f"There is no webhook {webhook.id} in this shop.")
    return found


def _switch(webhook: Webhook, status: WebhookStatus) -> None:
    webhook.status = status
    if webhook.is_active:
        webhook.disabled_at, webhook.disabled_reason, webhook.disabled_told_at = None, "", None
        webhook.failing_since, webhook.rests, webhook.resting_until = None, 0, None
        resume_deliveries(webhook)
        transaction.on_commit(nudge)
    else:
        hold_deliveries(webhook)


_DELETE = (
    "DELETE FROM webhooks_replay WHERE shop_id = %s AND webhook_id = %s",
    "DELETE FROM webhooks_attempt WHERE shop_id = %s AND webhook_id = %s",
    "DELETE FROM webhooks_delivery WHERE shop_id = %s AND webhook_id = %s",
    "DELETE FROM webhooks_webhook WHERE shop_id = %s AND id = %s",
)
