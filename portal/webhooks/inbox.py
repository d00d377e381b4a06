"""What came to a shop's test inbox lately: the requests as an endpoint would have got them."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from portal.webhooks.bodies import indented
from shops.models import Shop
from webhooks.inbox import INBOX
from webhooks.models import Attempt, Delivery, Message, Webhook

MOST_SHOWN = 10
LONGEST_BODY = 4_000
"""Characters; the delivery's own page has all of it."""


@dataclass(frozen=True, kw_only=True)
class Received:
    attempt: Attempt
    delivery: Delivery
    message: Message
    body: str
    is_cut: bool


def latest_received(shop: Shop, webhook: Webhook) -> list[Received]:
    """The newest first."""
    rows: QuerySet[Attempt] = Attempt.objects.of(shop).filter(
        webhook_id=webhook.id,
        url=INBOX,
        delivery__shop_id=F("shop_id"),
        delivery__message__shop_id=F("shop_id"),
    )
    newest = rows.select_related("delivery__message").order_by("-created_at", "-id")
    return [_received(attempt) for attempt in newest[:MOST_SHOWN]]


def _received(attempt: Attempt) -> Received:
    body = indented(attempt.delivery.message.body)
    return Received(
        attempt=attempt,
        delivery=attempt.delivery,
        message=attempt.delivery.message,
        body=body[:LONGEST_BODY],
        is_cut=len(body) > LONGEST_BODY,
    )
