"""The deliveries of a webhook, and one of them with each attempt."""

import shlex
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.api.paging import Cursor
from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.status import Status
from portal.webhooks.bodies import indented
from portal.webhooks.faults import plain_fault
from portal.webhooks.status import delivery_status, is_tried_again, next_try_at
from shops.models import Role, Shop
from webhooks.models import Attempt, Delivery, DeliveryState, Message, Webhook
from webhooks.services import resend

PER_PAGE = 30
OWN_MACHINE = "http://localhost:8000/webhooks"
"""For who tries what came to the test inbox with a receiver of their own."""


@dataclass(frozen=True, kw_only=True)
class DeliveryItem:
    delivery: Delivery
    message: Message
    status: Status
    is_tried_again: bool
    next_try_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeliveryPage:
    items: list[DeliveryItem]
    older: str
    """The place of the next page, if there is one."""
    is_first: bool


def latest_deliveries(
    shop: Shop, webhook: Webhook, *, state: DeliveryState | None, after: str
) -> DeliveryPage:
    rows = _of(shop, webhook).defer("message__body").order_by("-created_at", "-id")
    if state is not None:
        rows = rows.filter(state=state)
    if cursor := _cursor(after):
        rows = rows.filter(
            Q(created_at__lt=cursor.at) | Q(created_at=cursor.at, id__lt=cursor.id),
            created_at__lte=cursor.at,
        )
    found = list(rows[: PER_PAGE + 1])
    has_more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    older = Cursor(found[-1].created_at, found[-1].id).encode() if has_more else ""
    return DeliveryPage(
        items=[_item(webhook, one) for one in found],
        older=older,
        is_first=cursor is None,
    )


def _item(webhook: Webhook, delivery: Delivery) -> DeliveryItem:
    return DeliveryItem(
        delivery=delivery,
        message=delivery.message,
        status=delivery_status(delivery),
        is_tried_again=is_tried_again(webhook, delivery),
        next_try_at=next_try_at(webhook, delivery),
    )


@require_safe
@shop_page(Role.ADMIN)
def delivery_page(
    request: ShopRequest, shop: Shop, webhook_id: UUID, delivery_id: UUID
) -> HttpResponse:
    webhook = get_object_or_404(Webhook.objects.of(shop), id=webhook_id)
    delivery = get_object_or_404(_of(shop, webhook), id=delivery_id)
    attempts = list(
        Attempt.objects.of(shop).filter(delivery_id=delivery.id).order_by("-created_at")
    )
    body = delivery.message.body
    context = {
        "webhook": webhook,
        "item": _item(webhook, delivery),
        "delivery": delivery,
        "message": delivery.message,
        "status": delivery_status(delivery),
        "attempts": [(attempt, plain_fault(attempt.error)) for attempt in attempts],
        "body": indented(body),
        "curl": _curl(webhook, body, attempts),
    }
    return render(request, "portal/webhooks/delivery.html", context)


@require_POST
@shop_page(Role.ADMIN)
def resend_delivery(
    request: ShopRequest, shop: Shop, webhook_id: UUID, delivery_id: UUID
) -> HttpResponse:
    webhook = get_object_or_404(Webhook.objects.of(shop), id=webhook_id)
    delivery = get_object_or_404(_of(shop, webhook), id=delivery_id)
    try:
        resend(delivery)
        messages.success(request, _("It is being sent again."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(
        "portal:delivery", slug=shop.slug, webhook_id=webhook_id, delivery_id=delivery_id
    )


def _of(shop: Shop, webhook: Webhook) -> QuerySet[Delivery]:
    rows = Delivery.objects.of(shop).filter(webhook_id=webhook.id)
    found: QuerySet[Delivery] = rows.filter(message__shop_id=F("shop_id"))
    return found.select_related("message")


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.decode(text) if text else None
    except (ValueError, OverflowError):
        return None


def _curl(webhook: Webhook, body: str, attempts: list[Attempt]) -> str:
    """The last request as a command; its signature holds for 300 seconds, as a receiver has it."""
    headers = attempts[0].request_headers if attempts else {"Content-Type": "application/json"}
    words = ["curl", "--request", "POST", OWN_MACHINE if webhook.is_inbox else webhook.url]
    for name, value in headers.items():
        words += ["--header", f"{name}: {value}"]
    return shlex.join([*words, "--data-raw", body])
