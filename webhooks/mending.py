"""What staff do about deliveries that do not get through, MOST of a webhook's at once."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from events.nudge import nudge
from webhooks.errors import DeliveryInactive
from webhooks.models import Delivery, DeliveryState, Webhook

MOST = 10_000
UNFINISHED = (DeliveryState.PENDING, DeliveryState.HELD)


@transaction.atomic
def retry_now(webhook: Webhook) -> int:
    """What waits for its next try is due at once, and the breaker closes; how many deliveries."""
    _check_active(webhook)
    now = timezone.now()
    _row(webhook).update(rests=0, resting_until=None)
    waiting = _first(webhook, DeliveryState.PENDING).filter(next_attempt_at__gt=now)
    count = _each(webhook, waiting).update(next_attempt_at=now)
    transaction.on_commit(nudge)
    return count


@transaction.atomic
def resend_failed(webhook: Webhook) -> int:
    """What was given up is tried again, with all retries; how many deliveries."""
    _check_active(webhook)
    count = _each(webhook, _first(webhook, DeliveryState.FAILED)).update(
        state=DeliveryState.PENDING,
        retries=0,
        next_attempt_at=timezone.now(),
        leased_until=None,
        finished_at=None,
    )
    transaction.on_commit(nudge)
    return count


@transaction.atomic
def give_up_waiting(webhook: Webhook) -> int:
    """What waits or is on hold is not tried any more, until somebody sends it again; how many."""
    return _give_up(_each(webhook, _first(webhook, *UNFINISHED)))


@transaction.atomic
def give_up(delivery: Delivery) -> int:
    """1, or 0 where it had arrived or was given up already."""
    rows = Delivery.objects.filter(shop_id=delivery.shop_id, id=delivery.id)
    return _give_up(rows.filter(state__in=UNFINISHED))


def _give_up(deliveries: "QuerySet[Delivery]") -> int:
    return deliveries.update(
        state=DeliveryState.FAILED, leased_until=None, finished_at=timezone.now()
    )


def _check_active(webhook: Webhook) -> None:
    """Locks it, so that it stays so."""
    locked = _row(webhook).select_for_update().first()
    if locked is None or not locked.is_active:
        raise DeliveryInactive("The webhook is inactive; resume it first.")


def _row(webhook: Webhook) -> "QuerySet[Webhook]":
    return Webhook.objects.filter(shop_id=webhook.shop_id, id=webhook.id)


def _first(webhook: Webhook, *states: DeliveryState) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(shop_id=webhook.shop_id, webhook_id=webhook.id, state__in=states)


def _each(webhook: Webhook, deliveries: "QuerySet[Delivery]") -> "QuerySet[Delivery]":
    """The first MOST of them, locked in the order of ids."""
    ids = list(
        deliveries.order_by("id")
        .select_for_update(skip_locked=True)
        .values_list("id", flat=True)[:MOST]
    )
    return Delivery.objects.filter(shop_id=webhook.shop_id, id__in=ids)
