"""The one search box: what is found while one types, and the page of it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from orders.models import Order
from portal.access import ShopRequest, shop_page
from portal.addresses import place_of
from portal.find.orders import find_orders_by_text
from portal.find.rooms import find_places_by_text
from portal.find.shipments import find_shipments_by_text
from portal.find.text import Text
from portal.parcels import order_status_with_time
from portal.shipment_list import shipment_item
from portal.status import Status
from shipments.selectors import shipments_by_order
from shops.models import Shop


@dataclass(frozen=True, kw_only=True)
class FoundOrder:
    order: Order
    status: Status
    place: str


@require_safe
@shop_page()
def find(request: ShopRequest, shop: Shop) -> HttpResponse:
    """Orders, shipments and pages, a few of each; `_found.html` alone for who types.

    Who presses Enter where there is one of all these is taken to it.
    """
    text = Text.typed(request.GET.get("q", ""))
    orders = find_orders_by_text(shop, text) if text.said else []
    shipments = find_shipments_by_text(shop, text) if text.said else []
    places = find_places_by_text(request.member, text)
    is_typing = request.htmx.target == "found"
    urls = [
        *(reverse("portal:order", args=[shop.slug, order.id]) for order in orders),
        *(reverse("portal:shipment", args=[shop.slug, shipment.id]) for shipment in shipments),
        *(place.url for place in places),
    ]
    if len(urls) == 1 and not is_typing:
        return redirect(urls[0])
    parcels = shipments_by_order(shop, [order.id for order in orders])
    context = {
        "room": "",
        "text": text,
        "orders": [
            FoundOrder(
                order=order,
                status=order_status_with_time(order, parcels[order.id]),
                place=place_of(order.address),
            )
            for order in orders
        ],
        "shipments": [shipment_item(shipment) for shipment in shipments],
        "places": places,
    }
    template = "_found" if is_typing else "page"
    response = render(request, f"portal/find/{template}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
@shop_page()
def shortcuts(request: ShopRequest, shop: Shop) -> HttpResponse:
    """What the keyboard can do."""
    return render(request, "portal/find/shortcuts.html", {"room": ""})
