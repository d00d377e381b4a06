"""Shipments by how their tracking numbers begin."""

from typing import Any
from uuid import UUID

from common.statements import reading_cursor
from portal.find.text import LAST_LETTER, Text
from shipments.models import Shipment
from shops.models import Shop

MOST = 6


def find_shipments_by_text(shop: Shop, text: Text) -> list[Shipment]:
    """At most MOST of them, with their orders; exact ones first."""
    cursor = reading_cursor()
    values: list[Any] = [shop.id, text.id]
    for number in (text.number, text.number.upper()):
        values += [shop.id, number, number + LAST_LETTER]
    cursor.execute(_STATEMENT, values)
    ids: list[UUID] = list(dict.fromkeys(one for (one,) in cursor.fetchall()))[:MOST]
    rows = Shipment.objects.of(shop).with_order().select_related("order").filter(id__in=ids)
    found = {shipment.id: shipment for shipment in rows}
    return [found[one] for one in ids if one in found]


_BEGINS = (
    "(SELECT id FROM shipments_shipment WHERE shop_id = %s "
    "AND tracking_number ~>=~ %s AND tracking_number ~<~ %s "
    f"ORDER BY tracking_number USING ~<~ LIMIT {MOST})"
)
_STATEMENT = (
    "(SELECT id FROM shipments_shipment WHERE shop_id = %s AND id = %s) "
    f"UNION ALL {_BEGINS} UNION ALL {_BEGINS}"
)
