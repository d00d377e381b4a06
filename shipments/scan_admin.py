"""Scans in the back office, to look at: what carriers reported is never changed by hand."""

from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.back_office import ReadOnlyAdmin, short_moment, uuid_or_none
from shipments.models import Scan, Shipment
from shops.models import Shop
from shops.shop_filter import ShopFilter

MOST_FOUND = 1_000
MOST_SHOWN = 50
"""On a shipment's page; all of them are in the list of scans."""


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ["made", "shop", "event_name", "phase", "effect", "feed", "location", "parcel"]
    list_select_related = ["shop", "shipment"]
    list_filter = ["effect", "feed", ShopFilter]
    ordering = ["-id"]
    sortable_by = ()
    search_fields = ["shipment__tracking_number"]
    search_help_text = "The whole tracking number, or the id of a shipment or of a scan."
    fields = [
        "event_time",
        "shop",
        "parcel",
        "event_name",
        "phase",
        "effect",
        "decides",
        "location",
        "timezone",
        "additional_info",
        "feed",
        "external_id",
        "received_at",
    ]
    note = "What carriers reported, in the order in which it came in. Scans are only added."

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Scan]", search_term: str
    ) -> tuple["QuerySet[Scan]", bool]:
        """Each by its own index, which begins with the shop."""
        term = search_term.strip()
        if not term:
            return queryset, False
        shops = Shop.objects.values("id")
        numbered = Shipment.objects.filter(shop__in=shops, tracking_number=term)
        shipments: set[UUID] = set(numbered.values_list("id", flat=True)[:MOST_FOUND])
        named = uuid_or_none(term)
        if named is not None:
            shipments.add(named)
        return queryset.filter(Q(id=named) | Q(shop__in=shops, shipment__in=shipments)), False

    @admin.display(description="made")
    def made(self, scan: Scan) -> str:
        return short_moment(scan.event_time)

    @admin.display(description="shipment")
    def parcel(self, scan: Scan) -> SafeString:
        url = reverse("admin:shipments_shipment_change", args=[scan.shipment_id])
        return format_html('<a href="{}">{}</a>', url, scan.shipment)

    @admin.display(description="decides the phase", boolean=True)
    def decides(self, scan: Scan) -> bool:
        return scan.shipment.phase_scan_id == scan.id


def scans_at_a_glance(shipment: Shipment) -> SafeString | str:
    """The newest scans of a shipment, each with its page; and the way to all of them."""
    scans = Scan.objects.of(shipment.shop).filter(shipment=shipment)[: MOST_SHOWN + 1]
    shown = list(scans)
    if not shown:
        return "No carrier has reported of it yet."
    lines = format_html_join(
        "", '<a href="{}">{}</a> {} ({}) {}<br>', map(_line, shown[:MOST_SHOWN])
    )
    if len(shown) <= MOST_SHOWN:
        return lines
    url = f"{reverse('admin:shipments_scan_changelist')}?q={shipment.id}"
    return format_html('{}<a href="{}">All scans of this shipment</a>', lines, url)


def _line(scan: Scan) -> tuple[str, ...]:
    return (
        reverse("admin:shipments_scan_change", args=[scan.id]),
        short_moment(scan.event_time),
        scan.event_name,
        str(scan.get_effect_display()).lower(),
        scan.location,
    )
