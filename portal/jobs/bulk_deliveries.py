"""Sending many deliveries of a webhook again; the query string says of which, in which state."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.jobs.bulk import Bulk, BulkList
from portal.paging import Sorting
from shops.models import Role, Shop
from webhooks.models import Delivery, DeliveryState
from webhooks.services import resend


def _rows(shop: Shop) -> QuerySet[Delivery]:
    rows = Delivery.objects.of(shop).filter(message__shop_id=F("shop_id"))
    return rows.select_related("message").defer("message__body")


def _found(shop: Shop, query: str) -> QuerySet[Delivery]:
    said = QueryDict(query)
    try:
        webhook = UUID(said.get("webhook", ""))
    except ValueError:
        return _rows(shop).none()
    rows = _rows(shop).filter(webhook_id=webhook)
    return rows.filter(state=said["state"]) if said.get("state") in DeliveryState.values else rows


def _resend(delivery: Delivery, said: dict[str, Any]) -> bool:
    if delivery.state == DeliveryState.PENDING:
        return False
    resend(delivery)
    return True


DELIVERIES = BulkList(
    page="webhooks",
    tick="delivery",
    rows=_rows,
    found=_found,
    sorting=lambda _shop, _query: Sorting(by="created_at"),
    subject=lambda delivery: str(delivery.message.ref),
)
RESEND_DELIVERIES = Bulk(
    key="resend_deliveries",
    title=_("Send deliveries again"),
    rows=DELIVERIES,
    question=lambda count: (
        ngettext("Send %d delivery again?", "Send %d deliveries again?", count) % count
    ),
    explanation=_(
        "The receiver gets the same messages with the same ids. Those that wait anyway stay as "
        "they are."
    ),
    button=lambda count: (
        ngettext("Send %d delivery again", "Send %d deliveries again", count) % count
    ),
    act=_resend,
    role=Role.ADMIN,
)
