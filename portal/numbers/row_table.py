"""Rows behind a number as a table: which columns people see, in which words, with which links."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.answers import Unit
from claims.models import ClaimStatus, Flow, Reason
from common.countries import country_called
from common.dates import format_datetime
from portal.numbers.amounts import words_of
from portal.templatetags.moments import current_locale
from shipments.carriers import carrier_name
from shipments.phases import Flag, Phase
from shops.models import Shop

Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowCell:
    words: str = ""
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RowTable:
    heads: tuple[tuple[str, bool], ...]
    """The words, and whether numbers stand below them."""
    rows: tuple[tuple[RowCell, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    title: str | Promise
    cell: Callable[[Shop, Said, str], RowCell]
    is_number: bool = False


def table_of(shop: Shop, columns: Sequence[str], rows: Sequence[Said]) -> RowTable:
    """The columns that people read, in their own order; the others are in the CSV."""
    shown = [name for name in COLUMNS if name in columns]
    return RowTable(
        heads=tuple((str(COLUMNS[name].title), COLUMNS[name].is_number) for name in shown),
        rows=tuple(tuple(COLUMNS[name].cell(shop, row, name) for name in shown) for row in rows),
    )


def _order(shop: Shop, row: Said, name: str) -> RowCell:
    url = resolve_url("portal:order", slug=shop.slug, order_id=row["order_id"])
    return RowCell(words=str(row[name]), url=url)


def _shipment(shop: Shop, row: Said, name: str) -> RowCell:
    if not row[name] or not row.get("shipment_id"):
        return RowCell(words=str(row[name] or ""))
    url = resolve_url("portal:shipment", slug=shop.slug, shipment_id=row["shipment_id"])
    return RowCell(words=str(row[name]), url=url)


def _text(shop: Shop, row: Said, name: str) -> RowCell:
    return RowCell(words=str(row[name] or ""))


def _moment(shop: Shop, row: Said, name: str) -> RowCell:
    at: datetime | None = row[name]
    if at is None:
        return RowCell()
    local = timezone.localtime(at)
    return RowCell(words=format_datetime(local, "d MMM y, HH:mm", locale=current_locale()))


def _number(unit: Unit) -> Callable[[Shop, Said, str], RowCell]:
    def cell(shop: Shop, row: Said, name: str) -> RowCell:
        value = row[name]
        words = "" if value is None else words_of(value, unit, str(row.get("currency") or ""))
        return RowCell(words=words, is_number=True)

    return cell


def _word(words: Mapping[Any, Any]) -> Callable[[Shop, Said, str], RowCell]:
    def cell(shop: Shop, row: Said, name: str) -> RowCell:
        return RowCell(words=str(words.get(row[name], row[name] or "")))

    return cell


def _carrier(shop: Shop, row: Said, name: str) -> RowCell:
    return RowCell(words=carrier_name(row[name] or "") or "")


def _carriers(shop: Shop, row: Said, name: str) -> RowCell:
    return RowCell(words=", ".join(carrier_name(one) or one for one in row[name] or () if one))


def _country(shop: Shop, row: Said, name: str) -> RowCell:
    return RowCell(words=country_called(row[name] or ""))


def _list(shop: Shop, row: Said, name: str) -> RowCell:
    return RowCell(words=", ".join(str(one) for one in row[name] or () if one))


def _yes(shop: Shop, row: Said, name: str) -> RowCell:
    return RowCell(words=_("yes") if row[name] else _("no"))


COLUMNS: dict[str, Column] = {
    "order_number": Column(title=gettext_lazy("Order"), cell=_order),
    "tracking_number": Column(title=gettext_lazy("Shipment"), cell=_shipment),
    "order_placed_at": Column(title=gettext_lazy("Placed"), cell=_moment),
    "country": Column(title=gettext_lazy("Country"), cell=_country),
    "carrier_reference": Column(title=gettext_lazy("Carrier"), cell=_carrier),
    "carriers": Column(title=gettext_lazy("Carriers"), cell=_carriers),
    "phase": Column(title=gettext_lazy("Phase"), cell=_word(dict(Phase.choices))),
    "flag": Column(title=gettext_lazy("Flag"), cell=_word(dict(Flag.choices))),
    "reason": Column(title=gettext_lazy("Reason"), cell=_word(dict(Reason.choices))),
    "flow": Column(title=gettext_lazy("Way"), cell=_word(dict(Flow.choices))),
    "status": Column(title=gettext_lazy("Status"), cell=_word(dict(ClaimStatus.choices))),
    "products": Column(title=gettext_lazy("Products"), cell=_list),
    "tracking_placed_at": Column(title=gettext_lazy("Sent"), cell=_moment),
    "delivered_at": Column(title=gettext_lazy("Delivered"), cell=_moment),
    "promised_end": Column(title=gettext_lazy("Expected by"), cell=_moment),
    "delivery_days": Column(title=gettext_lazy("Took"), cell=_number(Unit.DAYS), is_number=True),
    "score": Column(title=gettext_lazy("Rating"), cell=_number(Unit.COUNT), is_number=True),
    "shipments": Column(title=gettext_lazy("Parcels"), cell=_number(Unit.COUNT), is_number=True),
    "shipments_delivered": Column(
        title=gettext_lazy("Delivered"), cell=_number(Unit.COUNT), is_number=True
    ),
    "is_claimed": Column(title=gettext_lazy("Claim"), cell=_yes),
    "is_opened": Column(title=gettext_lazy("Page opened"), cell=_yes),
    "total_order_price": Column(
        title=gettext_lazy("Total"), cell=_number(Unit.MONEY), is_number=True
    ),
}
