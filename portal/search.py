"""The one search box: what a person may know of an order or a parcel when they look for it."""

from uuid import UUID

from django.db.models import Q

from orders.models import Order, OrderQuerySet
from shipments.models import Shipment, ShipmentQuerySet
from shops.models import Shop

SHORTEST_NUMBER = 4
MOST_PARCELS = 200


def search_orders(orders: OrderQuerySet, shop: Shop, words: str) -> OrderQuerySet:
    """Those that hold every word, or one of whose tracking numbers begins with what was typed.

    Tracking numbers are looked up first: two indexes together are fast, a join in an OR is not.
    """
    found = orders.matching(words)
    with_parcel = _by_tracking(shop, words).values_list("order_id", flat=True).distinct()
    ids = list(with_parcel[:MOST_PARCELS])
    return found | orders.filter(id__in=ids) if ids else found


def search_shipments(shipments: ShipmentQuerySet, shop: Shop, words: str) -> ShipmentQuerySet:
    """Those whose number begins with what was typed, or whose orders hold every word."""
    matching = Order.objects.of(shop).matching(words)
    of_orders = shipments.filter(order__in=matching)
    numbered: list[UUID] = list(
        _by_tracking(shop, words).values_list("id", flat=True)[:MOST_PARCELS]
    )
    if not numbered:
        return of_orders
    ids = Shipment.objects.of(shop).filter(order__in=matching).values("id")
    named = Shipment.objects.of(shop).filter(id__in=numbered).values("id")
    return shipments.filter(id__in=ids.union(named))


def _by_tracking(shop: Shop, words: str) -> ShipmentQuerySet:
    """Tracking numbers have digits: what has none, or is very short, is not looked up."""
    number = "".join(words.split())
    if len(number) < SHORTEST_NUMBER or not any(letter.isdigit() for letter in number):
        return Shipment.objects.none()
    begins = Q(tracking_number__startswith=number) | Q(tracking_number__startswith=number.upper())
    return Shipment.objects.of(shop).filter(begins).order_by()
