"""Changes of an order that do not touch its shipments."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Conflict
from events.services import record
from orders.errors import OrderCancelled, OrderFulfilled
from orders.facts import order_fact
from orders.inputs import MOST_SEGMENTS
from orders.lookup import lock_order
from orders.models import Order
from orders.states import OrderState


@transaction.atomic
def cancel_order(order: Order) -> Order:
    """Cancel an order of which nothing was fulfilled; a second time changes nothing."""
    order = lock_order(order.shop, order.id)
    if order.is_cancelled:
        return order
    if not order.may_move_to(OrderState.CANCELLED):
        raise OrderFulfilled(
            _("Order %(number)s is %(state)s: detach its trackings before you cancel it.")
            % {"number": order.order_number, "state": order.get_state_display().lower()}
        )
    order.state = OrderState.CANCELLED
    order.cancelled_at = order.updated_at = timezone.now()
    order.last_upsert_digest = ""
    order.save(update_fields=["state", "cancelled_at", "updated_at", "last_upsert_digest"])
    record(order.shop, [order_fact(order, "cancelled")])
    return order


@transaction.atomic
def attribute_order(order: Order, attribution: dict[str, Any]) -> Order:
    """Attach or replace what the shop knows of where the order came from; also when cancelled."""
    order = lock_order(order.shop, order.id)
    if order.order_analytics != attribution:
        order.order_analytics = attribution
        order.save(update_fields=["order_analytics"])
        note_order_change(order, changed=["order_analytics"])
    return order


def add_segment(order: Order, segment: str) -> bool:
    """Whether the order did not have it yet."""
    return _change_segments(order, lambda names: [*(n for n in names if n != segment), segment])


def remove_segment(order: Order, segment: str) -> bool:
    """Whether the order had it."""
    return _change_segments(order, lambda names: [name for name in names if name != segment])


@transaction.atomic
def _change_segments(order: Order, change: Callable[[list[str]], list[str]]) -> bool:
    order = lock_order(order.shop, order.id)
    if order.is_cancelled:
        raise OrderCancelled(_("Order %s is cancelled.") % order.order_number)
    segments = change(order.segments)
    if set(segments) == set(order.segments):
        return False
    if len(segments) > MOST_SEGMENTS:
        raise Conflict(_("It has %d segments already; take one off first.") % MOST_SEGMENTS)
    order.segments = segments
    order.save(update_fields=["segments"])
    note_order_change(order, changed=["segments"])
    return True


def note_order_change(order: Order, *, changed: Sequence[str]) -> None:
    """After an edit by hand: it counts as an update, and the next upsert is compared in full."""
    Order.objects.of(order.shop).filter(id=order.id).update(
        updated_at=timezone.now(), last_upsert_digest="", **_named_again(changed)
    )
    record(order.shop, [order_fact(order, "updated", changed=changed)])


def _named_again(changed: Sequence[str]) -> dict[str, None]:
    """An erased order is somebody's again once its address or e-mail is edited."""
    return {} if {"address", "email_id"}.isdisjoint(changed) else {"erased_at": None}
