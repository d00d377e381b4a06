"""The arrival of a parcel as a calendar file (RFC 5545)."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from orders.models import Order
from orders.tracking_link import tracking_page_url
from shipments.models import Shipment
from shops.models import Shop
from tracking.access import CustomerRequest, order_page
from tracking.rendering import render_not_found
from tracking.telling.parcel import has_window
from tracking.visits import note_click


@require_safe
@order_page
def arrival_file(
    request: CustomerRequest, shop: Shop, order: Order, shipment_id: UUID
) -> HttpResponse:
    """A calendar keeps the id and takes a later file of it for a change of the same event."""
    now = timezone.now()
    shipment = Shipment.objects.of(shop).filter(order=order, id=shipment_id).first()
    if shipment is None or not has_window(shipment, now=now):
        return render_not_found(request)
    note_click(request, request.linked, "calendar")
    event = Event()
    event.add("uid", f"{shipment.id}@tracking")
    event.add("dtstamp", now)
    event.add("sequence", int(shipment.updated_at.timestamp()) % 2**31)
    event.add("dtstart", shipment.arrival_start)
    event.add("dtend", shipment.arrival_end)
    event.add("summary", _("Parcel from %(shop)s") % {"shop": shop.name})
    event.add("description", _("Order %(number)s") % {"number": order.order_number})
    event.add("url", tracking_page_url(shop.id, order.id))
    event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", "-//Karla Portal//Tracking page//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="parcel.ics"'
    return response
