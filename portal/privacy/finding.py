"""A customer by their e-mail; other orders that may be theirs are suggestions for a person.

Who has no e-mail is found by what the orders say instead: all that is found are suggestions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models.functions import Upper

from orders.models import Order, OrderQuerySet
from portal.find.phones import orders_of_phone
from shops.models import Shop

MOST_ORDERS = 2_000
MOST_SUGGESTED = 20
MOST_NAMES = 5


@dataclass(frozen=True, kw_only=True)
class Found:
    orders: list[Order]
    """Newest first."""
    suggested: list[Order] = field(default_factory=list)
    """Of the same name, or of the same phone at the same ZIP code, under another e-mail; of who has
    none, those without one that say what was asked for."""


def orders_of_address(shop: Shop, address: str) -> OrderQuerySet:
    """The address in any case."""
    rows = Order.objects.of(shop).alias(upper_email=Upper("email_id"))
    return rows.filter(upper_email=address.strip().upper())


def is_address(said: str) -> bool:
    return "@" in said


def find_customer(shop: Shop, said: str) -> Found:
    """By an e-mail; or without one by a name, a ZIP code, a phone, an order number."""
    if not is_address(said):
        return Found(orders=[], suggested=_without_address(shop, said))
    return _of_address(shop, said)


def _of_address(shop: Shop, address: str) -> Found:
    orders = list(orders_of_address(shop, address).newest_first()[:MOST_ORDERS])
    return Found(orders=orders, suggested=_suggested(shop, orders))


def _without_address(shop: Shop, said: str) -> list[Order]:
    orders = Order.objects.of(shop).filter(email_id="", erased_at=None)
    ids = orders_of_phone(shop, said, most=MOST_SUGGESTED)
    found = orders.filter(id__in=ids) if ids else orders.matching(said)
    return list(found.newest_first()[:MOST_SUGGESTED])


def chosen_orders(found: Found, ticked: Sequence[str]) -> list[UUID]:
    """All under the e-mail, and of the suggestions those that were ticked."""
    wanted = set(ticked)
    chosen = [order.id for order in found.suggested if str(order.id) in wanted]
    return sorted([*(order.id for order in found.orders), *chosen])


def _suggested(shop: Shop, orders: Sequence[Order]) -> list[Order]:
    addresses = [order.address for order in orders]
    names = list(dict.fromkeys(name for a in addresses if (name := str(a.get("name") or ""))))
    phones = {(str(a.get("phone") or ""), str(a.get("zip_code") or "")) for a in addresses}
    known = {order.id for order in orders}
    found: dict[UUID, Order] = {}
    for name in names[:MOST_NAMES]:
        alike = Order.objects.of(shop).matching(name).filter(address__name__iexact=name)
        found |= {order.id: order for order in alike.newest_first()[:MOST_SUGGESTED]}
    for phone, zip_code in sorted(phones)[:MOST_NAMES]:
        if phone and zip_code:
            alike = Order.objects.of(shop).filter(zip_code=zip_code, address__phone=phone)
            found |= {order.id: order for order in alike.newest_first()[:MOST_SUGGESTED]}
    return [order for id_, order in found.items() if id_ not in known][:MOST_SUGGESTED]
