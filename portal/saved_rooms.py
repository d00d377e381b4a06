"""In which rooms something can be saved, and how what was saved is opened again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from portal.filters import OrderFilters
from portal.models import SavedRoom
from portal.numbers.saved import kept_query, view_address
from portal.shipment_filters import ShipmentFilters
from shops.models import Shop


@dataclass(frozen=True, kw_only=True, slots=True)
class Savable:
    query: Callable[[Shop, str], str]
    """What is kept of a query string; empty where it says nothing or makes no sense."""
    address: Callable[[Shop, str], str]
    """Of the page that a query was kept of."""
    page: str
    """The name of the URL under which they are listed, renamed (`…_rename`), deleted."""
    name: Any
    """Of the room, as a link back."""
    hint: Any
    nothing: Any


def _orders_query(shop: Shop, said: str) -> str:
    filters = OrderFilters(QueryDict(said), shop=shop)
    return filters.query if filters.makes_sense else ""


def _orders_address(shop: Shop, query: str) -> str:
    return f"{resolve_url('portal:orders', slug=shop.slug)}?{query}".rstrip("?")


def _shipments_query(shop: Shop, said: str) -> str:
    filters = ShipmentFilters(QueryDict(said), shop=shop)
    return filters.query if filters.makes_sense else ""


def _shipments_address(shop: Shop, query: str) -> str:
    return f"{resolve_url('portal:shipments', slug=shop.slug)}?{query}".rstrip("?")


SAVABLE: dict[SavedRoom, Savable] = {
    SavedRoom.ORDERS: Savable(
        query=_orders_query,
        address=_orders_address,
        page="order_filter",
        name=_("Orders"),
        hint=_("None yet. Narrow the list of orders, then save how."),
        nothing=_("Choose a filter first: there is nothing to save."),
    ),
    SavedRoom.SHIPMENTS: Savable(
        query=_shipments_query,
        address=_shipments_address,
        page="saved_filter",
        name=_("Shipments"),
        hint=_("None yet. Narrow the list of shipments, then save how."),
        nothing=_("Choose a filter first: there is nothing to save."),
    ),
    SavedRoom.ANALYTICS: Savable(
        query=kept_query,
        address=view_address,
        page="saved_view",
        name=_("Analytics"),
        hint=_("None yet. Choose days and filters among the numbers, then save how."),
        nothing=_("These days make no sense: there is nothing to save."),
    ),
}
