"""Which columns a list shows: those in its URL, else what the person chose last, else the usual.

The first column, which names the row, is always there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.access import ShopRequest, shop_page
from portal.models import ChosenColumns, SavedRoom
from shops.models import Shop, User


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    key: str
    name: str | Promise
    is_usual: bool = True


ORDER_COLUMNS = (
    Column(key="customer", name=_("Customer")),
    Column(key="placed", name=_("Placed")),
    Column(key="state", name=_("State")),
    Column(key="parcels", name=_("Parcels")),
    Column(key="email", name=_("E-mail"), is_usual=False),
    Column(key="zip", name=_("ZIP code"), is_usual=False),
    Column(key="country", name=_("Country"), is_usual=False),
    Column(key="segments", name=_("Segments"), is_usual=False),
    Column(key="external", name=_("External id"), is_usual=False),
    Column(key="changed", name=_("Last change"), is_usual=False),
    Column(key="total", name=_("Total")),
)
SHIPMENT_COLUMNS = (
    Column(key="of", name=_("Order")),
    Column(key="carrier", name=_("Carrier")),
    Column(key="state", name=_("State")),
    Column(key="arrives", name=_("Arrival")),
    Column(key="placed", name=_("Placed")),
    Column(key="email", name=_("E-mail"), is_usual=False),
    Column(key="zip", name=_("ZIP code"), is_usual=False),
    Column(key="country", name=_("Country"), is_usual=False),
    Column(key="direction", name=_("Direction"), is_usual=False),
    Column(key="sent", name=_("Sent"), is_usual=False),
    Column(key="scanned", name=_("Last scan"), is_usual=False),
    Column(key="changed", name=_("Last change"), is_usual=False),
)
COLUMNS: dict[SavedRoom, tuple[Column, ...]] = {
    SavedRoom.ORDERS: ORDER_COLUMNS,
    SavedRoom.SHIPMENTS: SHIPMENT_COLUMNS,
}
MOST_SIDE_BY_SIDE = 6
"""More of them than that are read by scrolling aside."""


@dataclass(frozen=True, kw_only=True)
class ListColumns:
    known: tuple[Column, ...]
    shown: tuple[Column, ...]

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.shown]

    @property
    def are_many(self) -> bool:
        return len(self.shown) > MOST_SIDE_BY_SIDE

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Each with whether it is shown."""
        return [(column, column in self.shown) for column in self.known]


def columns_of(shop: Shop, person: User, *, room: SavedRoom, said: str) -> ListColumns:
    """`said`: what the URL says; what is not known of it is left out."""
    known = COLUMNS[room]
    shown = _among(known, said.split(",")) or _chosen_last(shop, person, room)
    return ListColumns(known=known, shown=shown) if shown else usual_columns(room)


def usual_columns(room: SavedRoom) -> ListColumns:
    known = COLUMNS[room]
    return ListColumns(known=known, shown=tuple(one for one in known if one.is_usual))


@require_POST
@shop_page()
def choose_columns(request: ShopRequest, shop: Shop, room: SavedRoom) -> HttpResponse:
    """Remember what this person ticked, and show the list so; nothing ticked is the usual again."""
    chosen = _among(COLUMNS[room], request.POST.getlist("column"))
    if "usual" in request.POST:
        chosen = ()
    said = ",".join(column.key for column in chosen)
    mine = ChosenColumns.objects.of(shop).filter(person=request.user, room=room)
    if not chosen:
        mine.delete()
    else:
        ChosenColumns.objects.update_or_create(
            shop=shop, person=request.user, room=room, defaults={"columns": said}
        )
    query = [
        (name, value)
        for name, value in parse_qsl(request.POST.get("query", "")[:2000])
        if name != "columns"
    ]
    query += [("columns", said)] if said else []
    address = resolve_url(f"portal:{room.value}", slug=shop.slug)
    return redirect(f"{address}?{urlencode(query, safe=',')}".rstrip("?"))


def _chosen_last(shop: Shop, person: User, room: SavedRoom) -> tuple[Column, ...]:
    last = ChosenColumns.objects.of(shop).filter(person=person, room=room).first()
    return _among(COLUMNS[room], last.columns.split(",")) if last else ()


def _among(known: tuple[Column, ...], keys: Iterable[Any]) -> tuple[Column, ...]:
    """In the order of the list, whatever order they were said in."""
    wanted = set(keys)
    return tuple(column for column in known if column.key in wanted)
