"""The timeline as part of a page: of an order, or of one of its parcels."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from orders.models import Order
from portal.access import ShopRequest
from portal.timeline.asked import asked_in
from portal.timeline.entries import Subject
from portal.timeline.pages import timeline_page
from shipments.models import Shipment
from shops.models import Role, Shop

TARGET = "timeline"
"""What htmx asks for when only this part is to change."""


def show_timeline(
    request: ShopRequest,
    shop: Shop,
    order: Order,
    *,
    siblings: Collection[Shipment],
    shipment: Shipment | None = None,
) -> dict[str, Any]:
    """What the template needs. `siblings` are all parcels of the order."""
    role = Role(request.member.role)
    subject = Subject(shop=shop, order=order, shipment=shipment, role=role)
    return {
        "shop": shop,
        "timeline": timeline_page(subject, asked_in(request.GET)),
        "title": _("What else happened") if shipment else _("What happened"),
        "here": request.path,
        "shipment_ids": set() if shipment else {one.id for one in siblings},
    }


def only_timeline(request: ShopRequest, shown: dict[str, Any]) -> HttpResponse | None:
    """The answer where only this part is asked for."""
    if request.htmx.target != TARGET:
        return None
    response = render(request, "portal/timeline/_timeline.html", shown)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
