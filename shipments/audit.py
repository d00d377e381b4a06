"""What people change of an order, its lines, its shipments and theirs, kept with both values."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from common.audit import Rows, differences_recorded, entry_of, record_entries
from orders.lookup import lock_order
from orders.models import Order, OrderLine
from shipments.models import Shipment, ShipmentLine
from shops.models import Shop
from shops.tenancy import ShopRow

_OPERATIONS = {
    LogEntry.Action.CREATE: ("add", "added"),
    LogEntry.Action.UPDATE: ("update", "changed"),
    LogEntry.Action.DELETE: ("delete", "removed"),
}


@contextmanager
def order_edited(shop: Shop, order_id: UUID) -> Iterator[Order]:
    """A transaction that holds the order's lock and records every difference made in it.

    However the rows are written: by `save`, or by a service's set-based SQL. An entry for the order
    itself says which of its rows were touched, so that its history leads to theirs (`history_of`).
    """
    with transaction.atomic():
        order = lock_order(shop, order_id)
        with orders_edited(shop, [order]):
            yield order


@contextmanager
def orders_edited(shop: Shop, orders: Collection[Order]) -> Iterator[None]:
    """The same of many, in a transaction that holds their locks already."""
    ids = [order.id for order in orders]
    with differences_recorded(lambda: _rows(shop, ids), about=_about) as touched:
        yield
    _summarise(orders, touched)


def record_made_orders(shop: Shop, order_ids: Collection[UUID]) -> None:
    """An entry for each order that a person made, by hand or by a file.

    That it was made, and no more: the order itself says what is in it.
    """
    orders = Order.objects.of(shop).filter(id__in=order_ids).order_by("id") if order_ids else ()
    record_entries(
        [
            entry_of(
                order,
                LogEntry.Action.CREATE,
                {"order_number": ("", order.order_number)},
                about=_about(order),
            )
            for order in orders
        ]
    )


def history_of(row: Order | Shipment) -> "QuerySet[LogEntry]":
    """The entries of the row and of those below it, also of rows that are gone by now."""
    own = LogEntry.objects.get_for_object(row)
    order = row if isinstance(row, Order) else row.order
    edits = LogEntry.objects.get_for_object(order).exclude(cid=None).values("cid")
    below = Q(cid__in=edits, **{f"additional_data__{row._meta.model_name}": str(row.pk)})
    found: QuerySet[LogEntry] = LogEntry.objects.filter(Q(pk__in=own.values("pk")) | below)
    return found


def _rows(shop: Shop, order_ids: Collection[UUID]) -> Rows:
    shipments = Shipment.objects.of(shop).filter(order_id__in=order_ids)
    querysets: list[QuerySet[Model]] = [
        Order.objects.of(shop).filter(id__in=order_ids),
        OrderLine.objects.of(shop).filter(order_id__in=order_ids),
        shipments,
        ShipmentLine.objects.of(shop)
        .filter(shipment__order_id__in=order_ids, shipment__shop=shop)
        .select_related("shipment"),
    ]
    return {(type(row), row.pk): row for queryset in querysets for row in queryset}


def _about(row: Model) -> dict[str, str]:
    """The rows above: by their ids an entry is found after its own row is gone."""
    match row:
        case ShipmentLine():
            above = {"order": str(row.shipment.order_id), "shipment": str(row.shipment_id)}
        case Shipment() | OrderLine():
            above = {"order": str(row.order_id)}
        case _:
            above = {}
    return {**above, **row.get_additional_data()} if isinstance(row, ShopRow) else above


def _summarise(orders: Collection[Order], touched: dict[Model, int]) -> None:
    """An entry for each order of which other rows were touched, in the words of many-to-many."""
    groups: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row, action in touched.items():
        if not isinstance(row, Order):
            operation, participle = _OPERATIONS[action]
            group = groups[_about(row)["order"]].setdefault(
                f"{row._meta.verbose_name_plural} {participle}",
                {"type": "m2m", "operation": operation, "objects": []},
            )
            group["objects"].append(str(row))
    record_entries(
        [
            entry_of(order, LogEntry.Action.UPDATE, groups[str(order.id)], about=_about(order))
            for order in orders
            if str(order.id) in groups
        ]
    )
