"""The list of a shop's orders, and the page of one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from engagement.ratings import ratings_by_shipment
from orders.models import Order, OrderLine
from orders.states import OrderState
from orders.tracking_link import SEEN_BY_SHOP, tracking_page_url
from portal.access import ShopRequest, shop_page
from portal.addresses import label_lines, place_of
from portal.came_from import list_come_from
from portal.campaigns.brought import brought_by
from portal.claims.of_order import claims_of_order
from portal.columns import columns_of
from portal.explain import reported_scans
from portal.filters import OrderFilters
from portal.first_order import first_order_command
from portal.models import SavedFilter, SavedRoom
from portal.paging import take_page
from portal.parcels import ParcelCount, count_parcels, describe_parcels, order_status_with_time
from portal.status import Status
from portal.timeline.facts import phase_times
from portal.timeline.shown import only_timeline, show_timeline
from shipments.carrier_choice import destination_of
from shipments.models import Shipment
from shipments.selectors import own_lines_by_shipment, shipments_by_order
from shipments.tracking_form import CARRIER_CHOICES
from shops.models import Role, Shop

MOST_WITH_CHOICES = 5
"""Of an order with more parcels, each one's own page offers all carriers."""


@dataclass(frozen=True, kw_only=True)
class OrderItem:
    """One row of the list."""

    order: Order
    status: Status
    parcels: ParcelCount
    place: str

    @property
    def is_as_placed(self) -> bool:
        """Whether “since when” would only repeat when the order was placed."""
        return self.status.since == self.order.order_placed_at


@require_safe
@shop_page()
def order_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    filters = OrderFilters(request.GET, shop=shop)
    page = take_page(filters.found, filters.sorting, after=filters.after, before=filters.before)
    shipments = shipments_by_order(shop, [order.id for order in page.rows])
    saved = list(SavedFilter.objects.of(shop).seen_by(request.user, in_room=SavedRoom.ORDERS))
    said = filters.said.get("columns", "")
    context = {
        "filters": filters,
        "columns": columns_of(shop, request.user, room=SavedRoom.ORDERS, said=said),
        "saved": saved,
        "chosen_saved": next((one for one in saved if one.query == filters.query), None),
        "may_share": Role(request.member.role).includes(Role.EDITOR),
        "states": OrderState,
        "page": page,
        "items": [_item(order, shipments[order.id]) for order in page.rows],
    }
    if not request.GET and not page.rows:
        context["command"] = first_order_command(request, shop)
    template = "list" if request.htmx.target != "orders" else "_list"
    response = render(request, f"portal/orders/{template}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if request.htmx and not request.htmx.boosted:
        replace_url(response, f"{request.path}?{filters.query}".rstrip("?"))
    return response


@require_safe
@shop_page()
def order_page(request: ShopRequest, shop: Shop, order_id: UUID) -> HttpResponse:
    order = get_object_or_404(Order.objects.of(shop), id=order_id)
    shipments = shipments_by_order(shop, [order.id])[order.id]
    happened = show_timeline(request, shop, order, siblings=shipments)
    if part := only_timeline(request, happened):
        return part
    lines = list(OrderLine.objects.of(shop).filter(order=order).order_by("position"))
    context = {
        "order": order,
        "status": order_status_with_time(order, shipments),
        "sent": sum(not shipment.is_draft for shipment in shipments),
        "missing": sum(shipment.is_draft for shipment in shipments),
        "delivered": sum(shipment.delivered_at is not None for shipment in shipments),
        "lines": lines,
        "parcels": describe_parcels(
            shipments,
            country_code=destination_of(order.address),
            order_lines=lines,
            own_lines=own_lines_by_shipment(shop, shipments),
            phase_times=phase_times(shop, order),
            scans=reported_scans(shop, shipments),
            ratings=ratings_by_shipment(shop, [order.id]),
        ),
        **editor_facts(request, order, shown=len(shipments)),
        "customers_page": f"{tracking_page_url(shop.id, order.id)}{SEEN_BY_SHOP}",
        "label": label_lines(order.address),
        "place": place_of(order.address),
        "brought": brought_by(shop, order),
        "claims": claims_of_order(shop, order),
        "back": list_come_from(request, shop, "orders"),
        **happened,
        **_facts(order),
    }
    return render(request, "portal/orders/order.html", context)


def _item(order: Order, shipments: list[Shipment]) -> OrderItem:
    return OrderItem(
        order=order,
        status=order_status_with_time(order, shipments),
        parcels=count_parcels(order, shipments),
        place=place_of(order.address),
    )


def editor_facts(request: ShopRequest, order: Order, *, shown: int = 1) -> dict[str, Any]:
    """What this person may do to the order's parcels, as many of which are shown."""
    is_editor = Role(request.member.role).includes(Role.EDITOR)
    carriers = CARRIER_CHOICES if shown <= MOST_WITH_CHOICES else ()
    return {"may_correct": is_editor and not order.is_cancelled, "carriers": carriers}


def _facts(order: Order) -> dict[str, Any]:
    agents = order.user_agent
    return {
        "user_agents": [agents] if isinstance(agents, str) else agents or [],
        "analytics": sorted(order.order_analytics.items()),
    }
