"""What is done to many orders at once."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.models import Order, OrderQuerySet
from orders.services import add_segment, cancel_order, remove_segment
from portal.filters import OrderFilters
from portal.jobs.bulk import Bulk, BulkList
from portal.paging import NEWEST_ORDERS
from shops.models import Shop


class SegmentForm(forms.Form):
    segment = forms.CharField(label=_("Segment"), max_length=255)


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
)


def _cancel(order: Order, said: dict[str, Any]) -> bool:
    if order.is_cancelled:
        return False
    cancel_order(order)
    return True


CANCEL_ORDERS = Bulk(
    key="cancel_orders",
    title=_("Cancel orders"),
    rows=ORDERS,
    question=lambda count: ngettext("Cancel %d order?", "Cancel %d orders?", count) % count,
    explanation=_(
        "Orders of which a parcel was sent already stay as they are, and the result names them. "
        "A cancelled order cannot be opened again."
    ),
    button=_("Cancel them"),
    act=_cancel,
)
ADD_SEGMENT = Bulk(
    key="add_segment",
    title=_("Add a segment"),
    rows=ORDERS,
    question=lambda count: (
        ngettext("Add a segment to %d order?", "Add a segment to %d orders?", count) % count
    ),
    explanation=_(
        "Campaigns and numbers go by segments. Orders that have it already stay as they are; "
        "cancelled ones are named in the result."
    ),
    button=_("Add it"),
    act=lambda order, said: add_segment(order, said["segment"]),
    form=SegmentForm,
)
REMOVE_SEGMENT = Bulk(
    key="remove_segment",
    title=_("Take a segment off"),
    rows=ORDERS,
    question=lambda count: (
        ngettext("Take a segment off %d order?", "Take a segment off %d orders?", count) % count
    ),
    explanation=_("Orders that do not have it stay as they are."),
    button=_("Take it off"),
    act=lambda order, said: remove_segment(order, said["segment"]),
    form=SegmentForm,
)
