"""Links that lead away from an order's page, by a stop here where the click is noted.

Where they lead stands in the database, never in the link: nobody can be sent elsewhere by one.
"""

from uuid import UUID

from django.http import HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from engagement.design import design_of
from orders.models import Order
from shipments.models import Shipment
from shops.models import Shop
from tracking.access import CustomerRequest, order_page
from tracking.rendering import render_not_found
from tracking.visits import note_click


@require_safe
@order_page
def to_carrier(
    request: CustomerRequest, shop: Shop, order: Order, shipment_id: UUID
) -> HttpResponseBase:
    shipment = Shipment.objects.of(shop).filter(order=order, id=shipment_id).first()
    return _leave(request, shipment.carrier_url if shipment else "", "carrier_link")


@require_safe
@order_page
def to_foot_link(
    request: CustomerRequest, shop: Shop, order: Order, place: int
) -> HttpResponseBase:
    links = design_of(shop).links
    return _leave(request, links[place - 1].url if 0 < place <= len(links) else "", "footer_link")


@require_safe
@order_page
def to_shop(request: CustomerRequest, shop: Shop, order: Order) -> HttpResponseBase:
    return _leave(request, design_of(shop).home_url, "shop_link")


def _leave(request: CustomerRequest, url: str, element: str) -> HttpResponseBase:
    if not url.startswith(("https://", "http://", "mailto:")):
        return render_not_found(request)
    note_click(request, request.linked, element)
    response = _Redirect(url)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Redirect(HttpResponseRedirect):
    allowed_schemes = ["https", "http", "mailto"]
