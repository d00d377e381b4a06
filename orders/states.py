"""The states of an order: which there are, what each follows from, and which moves are allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    PLACED = "placed", _("Placed")
    PARTIALLY_FULFILLED = "partially_fulfilled", _("Partially fulfilled")
    FULFILLED = "fulfilled", _("Fulfilled")
    CANCELLED = "cancelled", _("Cancelled")


ALLOWED_MOVES: dict[OrderState, set[OrderState]] = {
    OrderState.PLACED: {
        OrderState.PARTIALLY_FULFILLED,
        OrderState.FULFILLED,
        OrderState.CANCELLED,
    },
    # Back again only when a wrong tracking is detached, or more parcels turn out to be expected.
    OrderState.PARTIALLY_FULFILLED: {OrderState.FULFILLED, OrderState.PLACED},
    OrderState.FULFILLED: {OrderState.PARTIALLY_FULFILLED, OrderState.PLACED},
    OrderState.CANCELLED: set(),
}


def state_from_shipments(*, fulfilled: int, expected: int) -> OrderState:
    """The state of an order that was not cancelled (the contract's section 3)."""
    if fulfilled == 0:
        return OrderState.PLACED
    return OrderState.FULFILLED if fulfilled >= expected else OrderState.PARTIALLY_FULFILLED
