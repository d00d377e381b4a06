"""Finding a shop's orders by any of the four references, many of them in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from common.statements import prepared_cursor
from orders.errors import OrderNotFound, OrderReferenceAmbiguous
from orders.models import Order
from shops.models import Shop


class ReferenceType(models.TextChoices):
    """`OrderReferenceType` of the wire; each is the name of the column that it is looked up in."""

    ORDER_NUMBER = "order_number"
    EXTERNAL_ID = "external_id"
    ORDER_NAME = "order_name"
    UUID = "uuid"


@dataclass(frozen=True, slots=True)
class Reference:
    type: ReferenceType
    value: str

    def __str__(self) -> str:
        return f"{self.type} {self.value}"


class FoundOrders:
    """Orders of one shop, by every reference that they answer to."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self.all = list(orders)
        self._orders: dict[Reference, list[Order]] = {}
        for order in self.all:
            for reference in references_of(order):
                self._orders.setdefault(reference, []).append(order)

    def one(self, reference: Reference) -> Order | None:
        found = self._orders.get(reference, [])
        if len(found) > 1:
            raise OrderReferenceAmbiguous(
                f"{len(found)} orders have the {reference}; refer to one by its order number."
            )
        return found[0] if found else None

    @property
    def is_empty(self) -> bool:
        return not self.all


def references_of(order: Order) -> list[Reference]:
    references = [
        Reference(ReferenceType.ORDER_NUMBER, order.order_number),
        Reference(ReferenceType.EXTERNAL_ID, order.external_id),
        Reference(ReferenceType.UUID, str(order.id)),
    ]
    if order.order_name:
        references.append(Reference(ReferenceType.ORDER_NAME, order.order_name))
    return references


def find_orders(shop: Shop, references: Iterable[Reference], *, lock: bool) -> FoundOrders:
    """The orders that any of `references` names; locked in the order of their ids, if asked.

    Everything that changes an order or its shipments holds this lock, so that changes of one order
    come one after the other; the fixed order of locking keeps two bulk requests from a deadlock.
    """
    wanted: dict[str, list[object]] = {}
    for reference in references:
        column, value = _column_and_value(reference)
        if value is not None:
            wanted.setdefault(column, []).append(value)
    if not wanted:
        return FoundOrders(())
    any_of = " OR ".join(f"{column} = ANY(%s)" for column in wanted)
    statement = (
        f"SELECT {_COLUMNS} FROM orders_order WHERE shop_id = %s AND ({any_of}) ORDER BY id"
        + (" FOR UPDATE" if lock else "")
    )
    cursor = prepared_cursor()
    cursor.execute(statement, [shop.id, *wanted.values()])
    return FoundOrders(_order(shop, row) for row in cursor.fetchall())


def lock_order(shop: Shop, order_id: UUID) -> Order:
    reference = Reference(ReferenceType.UUID, str(order_id))
    order = find_orders(shop, [reference], lock=True).one(reference)
    if order is None:
        raise OrderNotFound(_("There is no order %s in this shop.") % order_id)
    return order


def _column_and_value(reference: Reference) -> tuple[str, object]:
    if reference.type is not ReferenceType.UUID:
        return reference.type.value, reference.value
    try:
        return "id", UUID(reference.value)
    except ValueError:
        return "id", None


_FIELDS = [field for field in Order._meta.concrete_fields if not field.generated]
_ATTRIBUTES = [field.attname for field in _FIELDS]
_COLUMNS = ", ".join(str(field.column) for field in _FIELDS)
_CONVERTED = [
    (index, field.from_db_value)
    for index, field in enumerate(_FIELDS)
    if hasattr(field, "from_db_value")
]


def _order(shop: Shop, row: tuple[Any, ...]) -> Order:
    values = list(row)
    for index, from_db_value in _CONVERTED:
        values[index] = from_db_value(values[index], None, connection)
    order = Order.from_db("default", _ATTRIBUTES, values)
    order.shop = shop
    return order
