"""The event log, to look at: nothing in it is ever added, changed or deleted by hand."""

from uuid import UUID

import orjson
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.back_office import ReadOnlyAdmin, uuid_or_none
from common.middleware import SANE_ID
from events.models import Event
from shops.models import Shop
from shops.shop_filter import ShopFilter


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "shop", "ref", "actor", "order"]
    list_select_related = ["shop"]
    list_filter = ["source", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    search_fields = ["order_id"]
    search_help_text = "The id of an event, an order or a request."
    fields = [
        "created_at",
        "shop",
        "source",
        "ref",
        "event_group",
        "order",
        "shipment",
        "actor",
        "request_id",
        "via",
        "call",
        "key_hint",
        "facts",
    ]
    note = "What happened, in the order in which it was written. The log is only added to."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Event]", search_term: str
    ) -> tuple["QuerySet[Event]", bool]:
        """By ids, each of which an index finds; naming the shops lets the later ones be used."""
        if not search_term.strip():
            return queryset, False
        request_id, wanted = search_term.strip(), uuid_or_none(search_term)
        if not SANE_ID.fullmatch(request_id):
            return queryset.none(), False
        found = Q(request_id=request_id, shop__in=Shop.objects.values("id"))
        if wanted is not None:
            found |= Q(id=wanted) | Q(order_id=wanted, shop__in=Shop.objects.values("id"))
        return queryset.filter(found), False

    @admin.display(description="order")
    def order(self, event: Event) -> SafeString | str:
        return _link("orders_order", event.order_id)

    @admin.display(description="shipment")
    def shipment(self, event: Event) -> SafeString | str:
        return _link("shipments_shipment", event.shipment_id)

    @admin.display(description="event data")
    def facts(self, event: Event) -> SafeString:
        rendered = orjson.dumps(event.event_data, option=orjson.OPT_INDENT_2).decode()
        return format_html("<pre>{}</pre>", rendered)


def _link(page: str, row_id: UUID | None) -> SafeString | str:
    if row_id is None:
        return "-"
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:{page}_change", args=[row_id]), row_id
    )
