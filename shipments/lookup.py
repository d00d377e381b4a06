"""Finding a shop's shipments together with the locks that their changes need, in one statement."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from common.statements import prepared_cursor
from shipments.models import Shipment
from shops.models import Shop


def lock_shipments(
    shop: Shop, *, ids: Collection[UUID] = (), tracking_numbers: Collection[str] = ()
) -> list[Shipment]:
    """The shipments with these ids or numbers; their orders' rows are locked, and their own.

    Orders come first and in the order of their ids, as everywhere (`orders.lookup.find_orders`).
    Own rows are locked too, so that they are read as they are once the order's lock is had.
    """
    cursor = prepared_cursor()
    cursor.execute(_STATEMENT, [shop.id, list(ids), list(tracking_numbers)])
    return [_shipment(shop, row) for row in cursor.fetchall()]


_FIELDS = [field for field in Shipment._meta.concrete_fields if not field.generated]
_ATTRIBUTES = [field.attname for field in _FIELDS]
_COLUMNS = ", ".join(f"s.{field.column}" for field in _FIELDS)
_STATEMENT = (
    f"SELECT {_COLUMNS} FROM shipments_shipment AS s "
    "JOIN orders_order AS o ON o.shop_id = s.shop_id AND o.id = s.order_id "
    "WHERE s.shop_id = %s AND (s.id = ANY(%s) OR s.tracking_number = ANY(%s)) "
    "ORDER BY o.id, s.id FOR UPDATE OF o, s"
)
_CONVERTED = [
    (index, field.from_db_value)
    for index, field in enumerate(_FIELDS)
    if hasattr(field, "from_db_value")
]


def _shipment(shop: Shop, row: tuple[Any, ...]) -> Shipment:
    values = list(row)
    for index, from_db_value in _CONVERTED:
        values[index] = from_db_value(values[index], None, connection)
    shipment = Shipment.from_db("default", _ATTRIBUTES, values)
    shipment.shop = shop
    return shipment
