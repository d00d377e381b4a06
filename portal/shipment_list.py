"""The list of a shop's shipments."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from portal.access import ShopRequest, shop_page
from portal.addresses import place_of
from portal.columns import columns_of
from portal.first_order import first_order_command
from portal.models import SavedFilter, SavedRoom
from portal.paging import take_page
from portal.shipment_filters import ShipmentFilters
from portal.status import Status, parcel_status
from shipments.carriers import carrier_name
from shipments.models import Shipment
from shipments.phases import Phase
from shops.models import Role, Shop


@dataclass(frozen=True, kw_only=True)
class ShipmentItem:
    """One row of the list."""

    shipment: Shipment
    status: Status
    carrier: str
    place: str
    is_expected_soon: bool
    """Whether there is a window to tell: it is on its way, and somebody said when it arrives."""


@require_safe
@shop_page()
def shipment_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    filters = ShipmentFilters(request.GET, shop=shop)
    found = filters.found.with_order().select_related("order")
    page = take_page(found, filters.sorting, after=filters.after, before=filters.before)
    saved = list(SavedFilter.objects.of(shop).seen_by(request.user, in_room=SavedRoom.SHIPMENTS))
    said = filters.said.get("columns", "")
    context = {
        "room": "shipments",
        "columns": columns_of(shop, request.user, room=SavedRoom.SHIPMENTS, said=said),
        "filters": filters,
        "phases": Phase,
        "page": page,
        "items": [shipment_item(shipment) for shipment in page.rows],
        "saved": saved,
        "chosen_saved": next((one for one in saved if one.query == filters.query), None),
        "may_share": Role(request.member.role).includes(Role.EDITOR),
    }
    if not request.GET and not page.rows:
        context["command"] = first_order_command(request, shop)
    template = "list" if request.htmx.target != "shipments" else "_list"
    response = render(request, f"portal/shipments/{template}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if request.htmx and not request.htmx.boosted:
        replace_url(response, f"{request.path}?{filters.query}".rstrip("?"))
    return response


def shipment_item(shipment: Shipment) -> ShipmentItem:
    return ShipmentItem(
        shipment=shipment,
        status=parcel_status(shipment.phase, shipment.flag, since=_since_when(shipment)),
        carrier=carrier_name(shipment.carrier_reference) or shipment.tracking_company,
        place=place_of(shipment.order.address),
        is_expected_soon=shipment.is_on_its_way and shipment.arrival_end is not None,
    )


def _since_when(shipment: Shipment) -> datetime | None:
    """For how long it has been in its phase, as far as is known."""
    if shipment.phase == Phase.DELIVERED and shipment.delivered_at:
        return shipment.delivered_at
    return shipment.phase_since or shipment.tracking_placed_at
