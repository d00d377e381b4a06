"""How an endpoint is doing, and what follows: rests (the breaker), and being switched off."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from common.database_clock import database_clock
from webhooks.models import Delivery, DeliveryState, DisabledReason, Webhook, WebhookStatus
from webhooks.schedule import GIVEN_UP_AFTER

FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(minutes=5)

Webhooks = Mapping[UUID, UUID]
"""Ids of webhooks, each with its shop's."""


def note_successes(webhooks: Webhooks) -> None:
    """They work (again): the breaker closes. Writes only where that is news."""
    troubled = Q(failing_since__isnull=False) | Q(resting_until__isnull=False) | Q(rests__gt=0)
    for webhook in _locked(webhooks, troubled):
        _row(webhook).update(failing_since=None, rests=0, resting_until=None)


def note_failures(webhooks: Webhooks, gone: Webhooks) -> None:
    """Disable those that say that they are `gone`, and those that never work any more."""
    now = database_clock.now()
    worth_a_look = Q(failing_since=None) | Q(failing_since__lte=now - GIVEN_UP_AFTER)
    for webhook in _locked({**webhooks, **gone}, worth_a_look | Q(id__in=list(gone))):
        if webhook.failing_since is None:
            _row(webhook).update(failing_since=now)
        if webhook.id in gone:
            disable(webhook, DisabledReason.GONE)
        elif webhook.failing_since and webhook.failing_since <= now - GIVEN_UP_AFTER:
            disable(webhook, DisabledReason.FAILING)


def rest(shop_id: UUID, webhook_id: UUID) -> None:
    """Open the breaker: nothing is sent for a while, longer with every rest without a success."""
    webhook = Webhook.objects.filter(shop_id=shop_id, id=webhook_id).only("rests").first()
    if webhook is not None:
        length = min(FIRST_REST * 2 ** min(webhook.rests, 10), LONGEST_REST)
        Webhook.objects.filter(shop_id=shop_id, id=webhook_id).update(
            rests=F("rests") + 1, resting_until=database_clock.now() + length
        )


def disable(webhook: Webhook, reason: DisabledReason) -> None:
    """Switch a webhook off; the shop's admins are told later (`webhooks.notices`)."""
    if not webhook.is_active:
        return
    now = timezone.now()
    _row(webhook).update(
        status=WebhookStatus.INACTIVE,
        disabled_at=now,
        disabled_reason=reason,
        disabled_told_at=None,
        updated_at=now,
    )
    hold_deliveries(webhook)


def hold_deliveries(webhook: Webhook) -> None:
    _deliveries(webhook, DeliveryState.PENDING).update(state=DeliveryState.HELD)


def resume_deliveries(webhook: Webhook) -> None:
    _deliveries(webhook, DeliveryState.HELD).update(
        state=DeliveryState.PENDING, next_attempt_at=timezone.now()
    )


def _deliveries(webhook: Webhook, state: DeliveryState) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(shop_id=webhook.shop_id, webhook_id=webhook.id, state=state)


def _row(webhook: Webhook) -> "QuerySet[Webhook]":
    return Webhook.objects.filter(shop_id=webhook.shop_id, id=webhook.id)


def _locked(webhooks: Webhooks, condition: Q) -> Iterable[Webhook]:
    """In the order of ids, so that two workers do not wait for each other."""
    if not webhooks:
        return []
    rows = Webhook.objects.filter(shop_id__in=set(webhooks.values()), id__in=list(webhooks))
    return list(rows.filter(condition).order_by("id").select_for_update())
