"""Finding a shop's shipments together with the locks that their changes need, in one statement."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connection, models
from django.db.models.base import ModelState

from common.statements import prepared_cursor
from orders.models import Order
from shipments.models import ArrivalSource, Shipment
from shipments.phases import ON_THEIR_WAY, Flag
from shops.models import Shop


class LockedShipments:
    """The shipments with these ids or numbers; their orders' rows are locked, and their own.

    Orders come first and in the order of their ids, as everywhere (`orders.lookup.find_orders`).
    Own rows are locked too, so that they are read as they are once the order's lock is had. Of
    their orders, the address is at hand, and whether they are still somebody's. Asked for when
    made, and read by `all`: in a pipeline, other statements may go in between.
    """

    def __init__(
        self, shop: Shop, *, ids: Collection[UUID] = (), tracking_numbers: Collection[str] = ()
    ) -> None:
        self.shop = shop
        self._cursor = prepared_cursor()
        asked: dict[str, list[UUID] | list[str]] = {}
        if ids:
            asked["s.id = ANY(%s)"] = list(ids)
        if tracking_numbers:
            asked["s.tracking_number = ANY(%s)"] = list(tracking_numbers)
        self._cursor.execute(
            f"{_SELECT} WHERE s.shop_id = %s AND ({' OR '.join(asked) or 'false'}) "
            "ORDER BY o.id, s.id FOR UPDATE OF o, s",
            [shop.id, *asked.values()],
        )

    def all(self) -> list[Shipment]:
        return [_shipment(self.shop, row) for row in self._cursor.fetchall()]


def lock_overdue_shipments(shop: Shop, now: datetime, *, most: int) -> list[Shipment]:
    """Those that are overdue and nobody was told of yet; what others hold locked is left out."""
    sources = [ArrivalSource.CARRIER, ArrivalSource.HISTORY]
    return _locked_unless_busy(
        shop,
        "s.arrival_end < %s AND s.arrival_source = ANY(%s) AND s.flag = %s",
        [now, sources, Flag.NORMAL],
        most=most,
    )


def lock_unexpected_shipments(shop: Shop, *, after: UUID, most: int) -> list[Shipment]:
    """Those on their way, by id, of which nobody can say yet when they should arrive."""
    return _locked_unless_busy(
        shop,
        "NOT s.is_test AND s.arrival_source = ANY(%s) AND s.id > %s",
        [["", ArrivalSource.USUAL], after],
        most=most,
    )


def _locked_unless_busy(
    shop: Shop, condition: str, values: Sequence[Any], *, most: int
) -> list[Shipment]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_SELECT} WHERE s.shop_id = %s AND s.phase IN ({_ON_THEIR_WAY}) AND {condition} "
            "ORDER BY s.id LIMIT %s FOR UPDATE OF o, s SKIP LOCKED",
            [shop.id, *values, most],
        )
        return [_shipment(shop, row) for row in cursor.fetchall()]


_FIELDS = [field for field in Shipment._meta.concrete_fields if not field.generated]
_ATTRIBUTES = [field.attname for field in _FIELDS]
_COLUMNS = ", ".join(f"s.{field.column}" for field in _FIELDS)
_SELECT = (
    f"SELECT {_COLUMNS}, o.address, o.erased_at FROM shipments_shipment AS s "
    "JOIN orders_order AS o ON o.shop_id = s.shop_id AND o.id = s.order_id "
)
_ON_THEIR_WAY = ", ".join(f"'{phase}'" for phase in sorted(ON_THEIR_WAY))
"""As in the condition of the indexes, so that PostgreSQL knows that they serve."""
_JSON = [field.attname for field in _FIELDS if isinstance(field, models.JSONField)]


def _shipment(shop: Shop, row: tuple[Any, ...]) -> Shipment:
    *values, address, erased_at = row
    said = dict(zip(_ATTRIBUTES, values, strict=True))
    for name in _JSON:
        if said[name] is not None:
            said[name] = orjson.loads(said[name])
    shipment = _as_read(Shipment, said)
    order = _as_read(
        Order,
        {
            "id": shipment.order_id,
            "shop_id": shop.id,
            "address": orjson.loads(address),
            "erased_at": erased_at,
        },
    )
    shipment._state.fields_cache = {"shop": shop, "order": order}
    return shipment


Read = TypeVar("Read", bound=models.Model)


def _as_read(model: type[Read], said: dict[str, Any]) -> Read:
    """What `Model.from_db` gives, at a fifth of its cost, which counts for a thousand scans.

    That sets one attribute after the other, to tell descriptors and receivers that these have none.
    """
    instance = model.__new__(model)
    instance.__dict__.update(said, _state=ModelState())
    instance._state.adding, instance._state.db = False, "default"
    return instance
