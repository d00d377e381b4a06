"""Which webhooks were told of it, with each try."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.status import Status
from portal.templatetags.moments import day_and_time
from portal.timeline.asked import Asked
from portal.timeline.entries import Entry, Subject, Try, Who
from portal.webhooks.faults import plain_fault
from portal.webhooks.status import delivery_status, is_tried_again, next_try_at
from shops.models import Role
from webhooks.models import Attempt, Delivery

MOST_TRIES = 20
"""Of one delivery, the newest; its own page has all of them."""


def told_deliveries(subject: Subject, asked: Asked) -> list[Entry]:
    shop = subject.shop
    events = subject.events()
    if subject.shipment is not None:
        events = events.filter(shipment_id=subject.shipment.id)
    rows = Delivery.objects.of(shop).filter(
        message_id__in=events.values("id"), message__shop=shop, webhook__shop=shop
    )
    rows = rows.select_related("webhook", "message").defer("message__body")
    deliveries = asked.take(rows, by="created_at")
    tries = _tries(subject, deliveries)
    return [_entry(subject, delivery, tries[delivery.id]) for delivery in deliveries]


def _entry(subject: Subject, delivery: Delivery, tries: list[Try]) -> Entry:
    status, webhook = delivery_status(delivery), delivery.webhook
    names = {"slug": subject.shop.slug, "webhook_id": webhook.id, "delivery_id": delivery.id}
    is_plain = len(tries) == 1 and tries[0].is_success
    return Entry(
        at=delivery.created_at,
        id=delivery.id,
        text=_("Webhook: %s") % _state(status, delivery),
        tone=status.tone,
        who=Who(actor=_("system"), request_id=delivery.message.request_id),
        code=delivery.message.ref,
        detail=webhook.address if subject.role.includes(Role.ADMIN) else "",
        more=tries[0].words if is_plain else "",
        link=reverse("portal:delivery", kwargs=names) if subject.role.includes(Role.ADMIN) else "",
        tries=[] if is_plain else tries,
    )


def _state(status: Status, delivery: Delivery) -> str:
    word = status.word.lower()
    if not is_tried_again(delivery.webhook, delivery):
        return word
    at = next_try_at(delivery.webhook, delivery)
    return _("%(state)s at %(time)s") % {"state": word, "time": day_and_time(at)} if at else word


def _tries(subject: Subject, deliveries: Sequence[Delivery]) -> dict[UUID, list[Try]]:
    """In their order."""
    rows = Attempt.objects.of(subject.shop).filter(delivery_id__in=[one.id for one in deliveries])
    rows = rows.only("id", "delivery_id", "status", "error", "latency", "is_success", "created_at")
    found: dict[UUID, list[Try]] = defaultdict(list)
    for attempt in rows.order_by("created_at", "id"):
        found[attempt.delivery_id].append(_try(subject, attempt))
    return defaultdict(list, {key: tries[-MOST_TRIES:] for key, tries in found.items()})


def _try(subject: Subject, attempt: Attempt) -> Try:
    said = {"status": attempt.status, "ms": attempt.latency}
    if attempt.status is not None:
        words = _("answered %(status)s after %(ms)s ms") % said
    elif not (words := plain_fault(attempt.error)):  # what was said may name the address
        words = attempt.error if subject.role.includes(Role.ADMIN) else _("no answer")
    return Try(at=attempt.created_at, words=words, is_success=attempt.is_success)
