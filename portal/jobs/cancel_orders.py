"""Cancelling many orders: those that were ticked, or all that a list's filters find."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.api.paging import Cursor
from common.errors import DomainError
from jobs.kinds import Batch, Result
from jobs.models import Job, Outcome
from orders.models import Order, OrderQuerySet
from orders.services import cancel_order
from portal.filters import OrderFilters
from portal.paging import NEWEST_ORDERS
from shops.models import Shop

AT_ONCE = 20
MOST_TICKED = 100


def ticked_orders(shop: Shop, ids: Sequence[str]) -> OrderQuerySet:
    """Those of the shop among them."""
    return Order.objects.of(shop).filter(id__in=[UUID(one) for one in ids])


def found_orders(shop: Shop, query: str) -> OrderQuerySet:
    """What the list shows under this query string."""
    return OrderFilters(QueryDict(query), shop=shop).found


class CancelOrders:
    """`asked`: either `ids`, or `query` and `until`, after which nothing was found yet."""

    def count(self, job: Job) -> int:
        return _orders(job).order_by().count()

    def work(self, job: Job, place: str) -> Batch:
        orders = _orders(job)
        rest = NEWEST_ORDERS.after(orders, Cursor.decode(place)) if place else orders
        found = list(NEWEST_ORDERS.sort(rest)[: AT_ONCE + 1])
        results = [_cancel(job.shop, order) for order in found[:AT_ONCE]]
        is_last = len(found) <= AT_ONCE
        return Batch(
            results=results,
            place="" if is_last else NEWEST_ORDERS.cursor(found[AT_ONCE - 1]).encode(),
        )


def _orders(job: Job) -> OrderQuerySet:
    if "ids" in job.asked:
        return ticked_orders(job.shop, job.asked["ids"])
    return found_orders(job.shop, job.asked["query"]).filter(
        created_at__lte=parse_datetime(job.asked["until"])
    )


def _cancel(shop: Shop, order: Order) -> Result:
    order.shop = shop
    if order.is_cancelled:
        return Result(
            subject=order.order_number, outcome=Outcome.SKIPPED, message=_("Cancelled already.")
        )
    try:
        with transaction.atomic():
            cancel_order(order)
    except DomainError as refusal:
        return Result(subject=order.order_number, outcome=Outcome.FAILED, message=refusal.message)
    return Result(subject=order.order_number)
