"""Everything that the page of an order shows, read in a handful of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engagement.design import in_language
from engagement.models import Announcement, Rating
from engagement.ratings import ratings_by_shipment
from orders.models import Order, OrderLine, ProductRow
from shipments.models import Scan, Shipment
from shipments.selectors import own_lines_by_shipment, shipments_by_order
from shops.models import Shop
from tracking.telling.order import Answer, tell_order
from tracking.telling.parcel import Parcel, tell_parcel

MOST_SCANS = 500
MOST_ANNOUNCEMENTS = 3


@dataclass(frozen=True, kw_only=True)
class OrderRows:
    """An order and what belongs to it: from the database or, for a preview, made up."""

    order: Order
    shipments: Sequence[Shipment]
    scans: Mapping[UUID, Sequence[Scan]]
    """Of each shipment, newest first."""
    lines: Sequence[ProductRow]
    own_lines: Mapping[UUID, Sequence[ProductRow]]
    ratings: Mapping[UUID, Rating]


@dataclass(frozen=True, kw_only=True)
class OrderStory:
    answer: Answer
    parcels: Sequence[Parcel]
    lines: Sequence[ProductRow]
    """Of the whole order, where it is not said in its only parcel."""


def order_rows(shop: Shop, order: Order) -> OrderRows:
    shipments = shipments_by_order(shop, [order.id])[order.id]
    scans: dict[UUID, list[Scan]] = defaultdict(list)
    found = Scan.objects.of(shop).filter(shipment_id__in=[shipment.id for shipment in shipments])
    for scan in found.order_by("-event_time", "-id")[:MOST_SCANS]:
        scans[scan.shipment_id].append(scan)
    return OrderRows(
        order=order,
        shipments=shipments,
        scans=scans,
        lines=list(OrderLine.objects.of(shop).filter(order=order).order_by("position")),
        own_lines=own_lines_by_shipment(shop, shipments),
        ratings=ratings_by_shipment(shop, [order.id]),
    )


def tell(rows: OrderRows, *, language: str, now: datetime) -> OrderStory:
    shown = [] if rows.order.is_cancelled else rows.shipments
    is_only = len(rows.shipments) == 1
    parcels = [
        tell_parcel(
            shipment,
            rows.scans.get(shipment.id, ()),
            place=place,
            lines=_lines(rows, shipment, is_only=is_only),
            rating=rows.ratings.get(shipment.id),
            language=language,
            now=now,
        )
        for place, shipment in enumerate(shown, start=1)
    ]
    is_told = is_only and any(parcel.lines for parcel in parcels)
    return OrderStory(
        answer=tell_order(rows.order, parcels),
        parcels=parcels,
        lines=[] if is_told else rows.lines,
    )


def announcements(shop: Shop, *, at: datetime, languages: Sequence[str]) -> list[str]:
    rows = Announcement.objects.of(shop).current(at).order_by("-created_at")[:MOST_ANNOUNCEMENTS]
    return list(filter(None, (in_language(row.texts, languages) for row in rows)))


def _lines(rows: OrderRows, shipment: Shipment, *, is_only: bool) -> Sequence[ProductRow]:
    """Of several parcels, those that nobody named the products of may hold any of the order's."""
    if shipment.has_own_lines:
        return rows.own_lines.get(shipment.id, ())
    return rows.lines if is_only else ()
