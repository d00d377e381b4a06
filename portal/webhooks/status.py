"""Webhooks and deliveries in the status language (docs/design.md)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.status import Status, Tone
from webhooks.models import Delivery, DeliveryState, DisabledReason, Webhook

DELIVERY_TONES: dict[DeliveryState, Tone] = {
    DeliveryState.PENDING: Tone.MOVING,
    DeliveryState.HELD: Tone.EXPECTED,
    DeliveryState.SUCCEEDED: Tone.DELIVERED,
    DeliveryState.FAILED: Tone.FAILED,
}


def webhook_status(webhook: Webhook) -> Status:
    if webhook.disabled_reason:
        word = _("Switched off: %s") % DisabledReason(webhook.disabled_reason).label.lower()
        return Status(tone=Tone.FAILED, word=word, since=webhook.disabled_at)
    if not webhook.is_active:
        return Status(tone=Tone.EXPECTED, word=_("Paused"))
    if webhook.is_resting(timezone.now()):
        return Status(tone=Tone.ATTENTION, word=_("Resting, failing"), since=webhook.failing_since)
    if webhook.failing_since:
        return Status(tone=Tone.ATTENTION, word=_("Failing"), since=webhook.failing_since)
    return Status(tone=Tone.DELIVERED, word=_("Active"))


def delivery_status(delivery: Delivery) -> Status:
    state = DeliveryState(delivery.state)
    if state is DeliveryState.PENDING and delivery.attempts:
        return Status(tone=Tone.ATTENTION, word=_("Trying again"))
    return Status(tone=DELIVERY_TONES[state], word=str(state.label), since=delivery.finished_at)
