"""Pages of the newest-first list of orders that keep their place while new orders arrive.

A page is named by the order it begins after (`after`) or ends before (`before`), so reading on
costs the same on every page, and an address that was shared shows what it showed.
"""

from dataclasses import dataclass

from django.db.models import Q

from common.api.paging import Cursor
from orders.models import Order, OrderQuerySet

PER_PAGE = 30
MOST_COUNTED = 1_000


@dataclass(frozen=True, kw_only=True)
class Page:
    orders: list[Order]
    newer: Cursor | None
    older: Cursor | None
    count: int
    """Of all that was found, up to one more than MOST_COUNTED."""

    @property
    def is_more_than_counted(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def most_counted(self) -> int:
        return MOST_COUNTED


def take_page(found: OrderQuerySet, *, after: Cursor | None, before: Cursor | None) -> Page:
    """The orders older than `after` or newer than `before`; without either, the newest."""
    orders, is_first, is_last = _newer(found, before) if before else _older(found, after)
    return Page(
        orders=orders,
        newer=None if is_first or not orders else _cursor(orders[0]),
        older=None if is_last or not orders else _cursor(orders[-1]),
        count=found.order_by()[: MOST_COUNTED + 1].count(),
    )


def _older(found: OrderQuerySet, after: Cursor | None) -> tuple[list[Order], bool, bool]:
    if after:
        found = found.filter(
            Q(order_placed_at__lt=after.at) | Q(order_placed_at=after.at, id__lt=after.id),
            order_placed_at__lte=after.at,
        )
    orders = list(found.newest_first()[: PER_PAGE + 1])
    return orders[:PER_PAGE], after is None, len(orders) <= PER_PAGE


def _newer(found: OrderQuerySet, before: Cursor) -> tuple[list[Order], bool, bool]:
    newer = found.filter(
        Q(order_placed_at__gt=before.at) | Q(order_placed_at=before.at, id__gt=before.id),
        order_placed_at__gte=before.at,
    )
    orders = list(newer.order_by("order_placed_at", "id")[: PER_PAGE + 1])
    if len(orders) <= PER_PAGE:
        return _older(found, None)
    return orders[:PER_PAGE][::-1], False, False


def _cursor(order: Order) -> Cursor:
    return Cursor(order.order_placed_at, order.id)
