"""What is done to many orders at once."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.models import Order, OrderQuerySet
from orders.services import add_segment, cancel_order, remove_segment
from portal.filters import OrderFilters
from portal.jobs.bulk import Bulk, BulkList
from portal.jobs.parcel_lines import ParcelLinesForm, trackings_of
from portal.paging import NEWEST_ORDERS
from shipments.models import Shipment
from shipments.services import attach_tracking
from shops.models import Shop

MOST_NAMED = 10


class SegmentForm(forms.Form):
    segment = forms.CharField(label=gettext_lazy("Segment"), max_length=255)


def _found(shop: Shop, query: str) -> OrderQuerySet:
    found: OrderQuerySet = OrderFilters(QueryDict(query), shop=shop).found
    return found


ORDERS = BulkList(
    page="orders",
    tick="order",
    rows=Order.objects.of,
    found=_found,
    sorting=lambda _shop, _query: NEWEST_ORDERS,
    subject=lambda order: str(order.order_number),
    order_id=lambda order: order.id,
)


def _cancel(order: Order, said: dict[str, Any]) -> bool:
    if order.is_cancelled:
        return False
    cancel_order(order)
    return True


def _fulfil(order: Order, said: dict[str, Any]) -> bool:
    """As on the page of one, under the order's lock."""
    trackings = trackings_of(order.order_number, said)
    if not trackings:
        return False
    shipments = Shipment.objects.of(order.shop).filter(order=order)
    known = list(shipments.values_list("tracking_number", flat=True))
    new = [one for one in trackings if not any(map(one.is_of, known))]
    for tracking in new:
        attach_tracking(order, tracking)
    return bool(new)


def _not_chosen(rows: QuerySet[Order], said: dict[str, Any]) -> str:
    named = {one["order"] for one in said["parcels"]}
    chosen = rows.order_by().filter(order_number__in=named).values_list("order_number", flat=True)
    strange = sorted(named - set(chosen))
    if not strange:
        return ""
    return _("Not among the chosen orders: %s.") % ", ".join(strange[:MOST_NAMED])


FULFIL_ORDERS = Bulk(
    key="fulfil_orders",
    title=gettext_lazy("Fulfil orders"),
    rows=ORDERS,
    question=lambda count: ngettext("Fulfil %d order?", "Fulfil %d orders?", count) % count,
    explanation=gettext_lazy(
        "Each tracking number fulfils the next expected parcel of its order; without one, it is a "
        "parcel more. Orders that no line names stay as they are."
    ),
    button=lambda count: ngettext("Fulfil %d order", "Fulfil %d orders", count) % count,
    act=_fulfil,
    form=ParcelLinesForm,
    refuses=_not_chosen,
)
CANCEL_ORDERS = Bulk(
    key="cancel_orders",
    title=gettext_lazy("Cancel orders"),
    rows=ORDERS,
    question=lambda count: ngettext("Cancel %d order?", "Cancel %d orders?", count) % count,
    explanation=gettext_lazy(
        "Orders of which a parcel was sent already stay as they are, and the result names them. "
        "A cancelled order cannot be opened again."
    ),
    button=lambda count: ngettext("Cancel %d order", "Cancel %d orders", count) % count,
    act=_cancel,
)
ADD_SEGMENT = Bulk(
    key="add_segment",
    title=gettext_lazy("Add a segment"),
    rows=ORDERS,
    question=lambda count: (
        ngettext("Add a segment to %d order?", "Add a segment to %d orders?", count) % count
    ),
    explanation=gettext_lazy(
        "Campaigns and numbers go by segments. Orders that have it already stay as they are; "
        "cancelled ones are named in the result."
    ),
    button=lambda count: ngettext("Add it to %d order", "Add it to %d orders", count) % count,
    act=lambda order, said: add_segment(order, said["segment"]),
    form=SegmentForm,
)
REMOVE_SEGMENT = Bulk(
    key="remove_segment",
    title=gettext_lazy("Take a segment off"),
    rows=ORDERS,
    question=lambda count: (
        ngettext("Take a segment off %d order?", "Take a segment off %d orders?", count) % count
    ),
    explanation=gettext_lazy("Orders that do not have it stay as they are."),
    button=lambda count: ngettext("Take it off %d order", "Take it off %d orders", count) % count,
    act=lambda order, said: remove_segment(order, said["segment"]),
    form=SegmentForm,
)
