"""The page of an order: where it is, what is in it, what comes next."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement.actions import record_action
from engagement.models import ActionKind
from engagement.robots import is_robot
from orders.models import Order
from shipments.selectors import shipments_by_order
from shops.models import Shop
from tracking.access import CustomerRequest, order_page
from tracking.parcels import tell_parcels
from tracking.rendering import render_page


@require_safe
@order_page
def show_order(request: CustomerRequest, shop: Shop, order: Order) -> HttpResponse:
    now = timezone.now()
    shipments = shipments_by_order(shop, [order.id])[order.id]
    context = {
        "parcels": tell_parcels(shipments, language=request.language),
        # Claims: what can be filed for which parcel (claims.flows.offered_flows) goes here.
        # Campaigns: what is shown below the answer (campaigns.choice.choose_campaign) goes here.
    }
    if not is_robot(request.headers):
        record_action(shop, order, kind=ActionKind.OPENED)
    return render_page(
        "tracking/order.html",
        {**context, "now": now, "language": request.language},
        shop=shop,
        order=order,
        token=request.token,
    )
