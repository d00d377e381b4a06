"""What a customer is called, and called at: the names and phones of their orders."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models.fields.json import KT

from orders.models import Order
from shops.models import Shop


def names_of(shop: Shop, orders: Sequence[UUID]) -> list[str]:
    """Of those that were not erased yet."""
    rows = Order.objects.of(shop).filter(id__in=orders)
    said = rows.values_list(KT("address__name"), KT("address__phone")).distinct()
    return sorted({one for pair in said for one in pair if one})
