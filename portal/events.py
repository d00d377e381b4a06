"""The event browser: what happened in a shop, and who was told of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.api.paging import Cursor
from common.middleware import SANE_ID
from events.models import Event, Source
from portal.access import ShopRequest, shop_page
from portal.timeline.entries import Entry
from portal.timeline.facts import tell_fact, who_did
from shops.models import Role, Shop
from webhooks.models import Delivery
from webhooks.subscriptions import fault_of, wanted_condition

PER_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class EventItem:
    event: Event
    told: Entry
    about: str
    """The number of the parcel, else of the order."""
    facts: str
    deliveries: list[Delivery]


@require_safe
@shop_page()
def event_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    wanted = request.GET.get("events", "").strip()
    request_id = request.GET.get("request", "").strip()
    fault = fault_of(wanted) if wanted else None
    events = Event.objects.of(shop).order_by("-created_at", "-id")
    if wanted:
        events = events.filter(wanted_condition([wanted])) if not fault else events.none()
    if request_id:
        is_sane = SANE_ID.fullmatch(request_id) is not None
        events = events.filter(request_id=request_id) if is_sane else events.none()
    after = _cursor(request.GET.get("after", ""))
    if after:
        events = events.filter(
            Q(created_at__lt=after.at) | Q(created_at=after.at, id__lt=after.id),
            created_at__lte=after.at,
        )
    found = list(events[: PER_PAGE + 1])
    has_more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    is_admin = Role(request.member.role).includes(Role.ADMIN)
    context: dict[str, Any] = {
        "items": _items(shop, found),
        "wanted": wanted,
        "request_id": request_id,
        "fault": fault,
        "sources": Source,
        "is_admin": is_admin,
        "is_first": after is None,
        "older": Cursor(found[-1].created_at, found[-1].id).encode() if has_more else "",
    }
    return render(request, "portal/event_log/list.html", context)


def _items(shop: Shop, events: list[Event]) -> list[EventItem]:
    told: dict[UUID, list[Delivery]] = {event.id: [] for event in events}
    rows = Delivery.objects.of(shop).filter(message_id__in=told)
    for delivery in rows.filter(webhook__shop=shop).select_related("webhook"):
        told[delivery.message_id].append(delivery)
    return [_item(event, told[event.id]) for event in events]


def _item(event: Event, deliveries: list[Delivery]) -> EventItem:
    told = tell_fact(event, who_did(event))
    return EventItem(
        event=event,
        told=told,
        about=told.code or event.event_data.get("order_number") or "",
        facts=orjson.dumps(event.event_data, option=orjson.OPT_INDENT_2).decode(),
        deliveries=deliveries,
    )


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.decode(text) if text else None
    except (ValueError, OverflowError):
        return None
