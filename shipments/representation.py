"""Orders and shipments as clients read them (the contract's sections 3 and 4).

PostgreSQL gives each column in the form that it goes out in, JSON and times as the very text; so
there is little left to do here. Generated clients parse prices and weights unguarded: they are
numbers, 0 when unknown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from common.json_decoder import FreeFormDecoder
from common.rows import Row
from common.statements import pipelined, prepared_cursor
from orders.tracking_link import tracking_page_url
from shipments.carriers import carrier_url
from shipments.phases import COARSE_STATES, Phase
from shipments.scans.representation import SCAN_COLUMNS, represent_scan
from shops.models import Shop

ADDRESS_FIELDS = (
    "address_line_1",
    "address_line_2",
    "city",
    "company",
    "country",
    "country_code",
    "name",
    "phone",
    "province",
    "province_code",
    "street",
    "zip_code",
)


def represent_orders(shop: Shop, order_ids: Sequence[UUID]) -> list[Row]:
    """The shop's orders with these ids, in their order: one round trip, however many."""
    if not order_ids:
        return []
    with pipelined():
        orders = _ask(_ORDERS, shop, order_ids)
        products = _ask(_LINES_OF_ORDERS, shop, order_ids)
        shipments = _ask(_SHIPMENTS_OF_ORDERS, shop, order_ids)
        own_products = _ask(_OWN_LINES_IN_ORDERS, shop, order_ids)
        scans = _ask(_SCANS_IN_ORDERS, shop, order_ids)
    represented = {order["uuid"]: order for order in orders.rows()}
    numbers = {order_id: order["order_number"] for order_id, order in represented.items()}
    parts = _Parts.of(shop, numbers, products, shipments, own_products, scans)
    parcels = parts.by_order()
    for order_id, order in represented.items():
        order |= _beside(shop, order)
        order["products"] = parts.products[order_id]
        order["trackings"] = [one for one, is_draft in parcels[order_id] if not is_draft]
        order["shipments"] = [one for one, _ in parcels[order_id]]
    return [represented[key] for key in map(str, order_ids) if key in represented]


def represent_shipments(shop: Shop, shipment_ids: Sequence[UUID]) -> list[Row]:
    """The shop's shipments with these ids, in their order, as they stand in their orders."""
    if not shipment_ids:
        return []
    with pipelined():
        orders = _ask(_NUMBERS_OF_THEIR_ORDERS, shop, shipment_ids)
        products = _ask(_LINES_OF_THEIR_ORDERS, shop, shipment_ids)
        shipments = _ask(_SHIPMENTS, shop, shipment_ids)
        own_products = _ask(_OWN_LINES, shop, shipment_ids)
        scans = _ask(_SCANS, shop, shipment_ids)
    numbers = {order["uuid"]: order["order_number"] for order in orders.rows()}
    parts = _Parts.of(shop, numbers, products, shipments, own_products, scans)
    represented = {one["uuid"]: one for one in parts.represented()}
    return [represented[key] for key in map(str, shipment_ids) if key in represented]


@dataclass(frozen=True)
class _Parts:
    """Shipments and what belongs to them, by the ids of what they belong to."""

    shop: Shop
    order_numbers: dict[str, str]
    shipments: list[Row]
    products: dict[str, orjson.Fragment]
    """Of each order, and of each shipment with lines of its own."""
    events: dict[str, list[Row]]

    @classmethod
    def of(
        cls,
        shop: Shop,
        order_numbers: dict[str, str],
        products: "_Asked",
        shipments: "_Asked",
        own_products: "_Asked",
        scans: "_Asked",
    ) -> "_Parts":
        events: dict[str, list[Row]] = defaultdict(list)
        for scan in scans.rows():
            events[scan["shipment_id"]].append(represent_scan(shop, scan))
        held: dict[str, orjson.Fragment] = defaultdict(lambda: _NO_PRODUCTS)
        for line in (*products.rows(), *own_products.rows()):
            held[line["holder_id"]] = orjson.Fragment(line["products"])
        return cls(shop, order_numbers, list(shipments.rows()), held, events)

    def represented(self) -> Iterator[Row]:
        for shipment in self.shipments:
            holder = "uuid" if shipment.pop("has_own_lines") else "order_id"
            shipment["order_number"] = self.order_numbers[shipment["order_id"]]
            yield _shipment(
                self.shop,
                shipment,
                self.products[shipment[holder]],
                self.events.get(shipment["uuid"], []),
            )

    def by_order(self) -> dict[str, list[tuple[orjson.Fragment, bool]]]:
        """Each order's shipments as JSON, for they stand in it twice; and which are drafts."""
        grouped: dict[str, list[tuple[orjson.Fragment, bool]]] = defaultdict(list)
        for one in self.represented():
            as_json = orjson.Fragment(orjson.dumps(one))
            grouped[one["order_id"]].append((as_json, one["tracking_number"] is None))
        return grouped


def _beside(shop: Shop, order: Row) -> Row:
    """What an order's row does not say as it stands."""
    analytics = order["order_analytics"]
    return {
        **_moments(order, _ORDER_MOMENTS),
        **_fragments(order, _ORDER_JSON),
        "order_analytics": FreeFormDecoder().decode(analytics) if analytics != "{}" else {},
        "merchant_slug": shop.slug,
        "shop_slug": shop.slug,
        "tracking_page_url": tracking_page_url(shop.id, UUID(order["uuid"])),
    }


def _shipment(shop: Shop, row: Row, products: orjson.Fragment, events: list[Row]) -> Row:
    number, reference = row["tracking_number"], row["carrier_reference"]
    url = carrier_url(reference, number, said=row["tracking_url"]) or None
    start, end = row.pop("arrival_start"), row.pop("arrival_end")
    carrier = {"tracking_number": number, "carrier_reference": reference, "tracking_url": url}
    window = {"start": _moment(start), "end": _moment(end)}
    return {
        **row,
        **_moments(row, _SHIPMENT_MOMENTS),
        "pickup": _fragment(row["pickup"]),
        "id": row["uuid"],
        "tracking_url": url,
        "state": COARSE_STATES[Phase(row["phase"])],
        "estimated_arrival": window if end else None,
        "carrier": carrier if reference else None,
        "events": events,
        "products": products,
        "merchant_id": shop.id,
        "merchant_slug": shop.slug,
        "shop_slug": shop.slug,
    }


# Asking PostgreSQL


@dataclass(frozen=True, slots=True)
class _Asked:
    statement: str
    cursor: CursorWrapper

    def rows(self) -> Iterator[Row]:
        names = _names_in.get(self.statement)
        if names is None:
            names = [column[0] for column in self.cursor.description]
            _names_in[self.statement] = names
        return (dict(zip(names, row, strict=True)) for row in self.cursor.fetchall())


_names_in: dict[str, list[str]] = {}
"""The columns of each statement, of which there are a few: psycopg takes long to describe them."""


def _ask(statement: str, shop: Shop, ids: Sequence[UUID]) -> _Asked:
    cursor = prepared_cursor()
    # As one text: psycopg takes its time over each item of a list.
    cursor.execute(statement, {"shop": shop.id, "ids": f"{{{','.join(map(str, ids))}}}"})
    return _Asked(statement, cursor)


def _fragments(row: Row, names: Iterable[str]) -> Row:
    return {name: _fragment(row[name]) for name in names}


def _fragment(text: str | None) -> orjson.Fragment | None:
    return orjson.Fragment(text) if text is not None else None


def _moments(row: Row, names: Iterable[str]) -> Row:
    return {name: _moment(row[name]) for name in names}


def _moment(text: str | None) -> orjson.Fragment | None:
    """With microseconds, or none: PostgreSQL leaves their last zeros out, and not every reader of
    ISO 8601 knows fractions of five digits (Python's own before 3.11 does not).
    """
    if text is not None and _WHOLE_SECONDS < len(text) < _MICROSECONDS:
        seconds, zone = text[:-_ZONE], text[-_ZONE:]
        text = seconds.ljust(_MICROSECONDS - _ZONE, "0") + zone
    return _fragment(text)


_WHOLE_SECONDS = len('"2026-03-01T10:00:00+00:00"')
_MICROSECONDS = len('"2026-03-01T10:00:00.123456+00:00"')
_ZONE = len('+00:00"')


def _columns(
    table: str,
    *,
    plain: str = "",
    texts: str = "",
    numbers: str = "",
    moments: str = "",
    json: str = "",
) -> str:
    """Columns of a table in the form that they go out in, under their own names.

    An empty text goes out as null, an unknown number as 0; moments and JSON as the text of JSON.
    """
    forms = {
        "{0}.{1}": plain,
        "NULLIF({0}.{1}, '') AS {1}": texts,
        "COALESCE({0}.{1}, 0)::float8 AS {1}": numbers,
        "to_json({0}.{1})::text AS {1}": moments,
        "{0}.{1}::text": json,
    }
    return ", ".join(
        form.format(table, column) for form, columns in forms.items() for column in columns.split()
    )


def _object(**values: str) -> str:
    """A JSON object of these names and expressions."""
    pairs = ", ".join(f"'{name}', {value}" for name, value in values.items())
    return f"json_build_object({pairs})"


_ORDER_MOMENTS = ("order_placed_at", "created_at", "updated_at", "cancelled_at")
_ORDER_JSON = ("address", "discounts", "preferred_delivery_date", "user_agent")
_SHIPMENT_MOMENTS = ("tracking_placed_at", "delivered_at", "updated_at")

_ORDER_COLUMNS = _columns(
    "o",
    plain="order_number external_id state currency segments expected_number_of_shipments is_test",
    texts="order_name email_id external_customer_id order_status_url",
    numbers="total_order_price shipping_price sub_total_price discount_price weight",
    moments=" ".join(_ORDER_MOMENTS),
    json="discounts preferred_delivery_date user_agent order_analytics",
)
_ADDRESS = _object(**{name: f"o.address -> '{name}'" for name in ADDRESS_FIELDS})

_BUNDLED_PRODUCT = _object(
    **{name: f"b -> '{name}'" for name in ("product_id", "variant_id", "sku", "title")},
    quantity="COALESCE(NULLIF(b -> 'quantity', 'null'), '1')",
    price="COALESCE(NULLIF(b -> 'price', 'null'), '0')",
    size="b -> 'size'",
    weight="COALESCE(NULLIF(b -> 'weight', 'null'), '0')",
    images="COALESCE(NULLIF(b -> 'images', 'null'), '[]')",
    tax_lines="COALESCE(NULLIF(b -> 'tax_lines', 'null'), '[]')",
    type="COALESCE(NULLIF(b -> 'type', 'null'), '\"product\"')",
)
_BUNDLED_PRODUCTS = (
    f"(SELECT json_agg({_BUNDLED_PRODUCT} ORDER BY place) "
    "FROM jsonb_array_elements(l.bundled_products) WITH ORDINALITY AS bundled (b, place))"
)
_PRODUCT = _object(
    **{name: f"NULLIF(l.{name}, '')" for name in ("product_id", "variant_id", "sku", "title")},
    quantity="l.quantity",
    price="COALESCE(l.price, 0)::float8",
    size="NULLIF(l.size, '')",
    weight="COALESCE(l.weight, 0)::float8",
    images="l.images",
    tax_lines="l.tax_lines",
    type="l.type",
    bundled_products=f"CASE l.bundled_products WHEN '[]' THEN '[]' ELSE {_BUNDLED_PRODUCTS} END",
)
_SHIPMENT_COLUMNS = _columns(
    "s",
    plain="tracking_number phase direction flag has_own_lines is_test",
    texts="carrier_reference tracking_url",
    moments=" ".join((*_SHIPMENT_MOMENTS, "arrival_start", "arrival_end")),
    json="pickup",
)

# One table each, and no joins: rows are found by shop and ids, by an index that has both, however
# little PostgreSQL knows of the shop. Of a new one it expects a row or two, and joins by loops.

_IDS = "%(ids)s::uuid[]"
_THEIR_SHIPMENTS = (
    "ARRAY(SELECT s.id FROM shipments_shipment AS s "
    f"WHERE s.shop_id = %(shop)s AND s.order_id = ANY({_IDS}))"
)
_THEIR_ORDERS = (
    "ARRAY(SELECT s.order_id FROM shipments_shipment AS s "
    f"WHERE s.shop_id = %(shop)s AND s.id = ANY({_IDS}))"
)


def _lines(table: str, holder: str, ids: str) -> str:
    """Each holder's products as the text of a JSON array."""
    return (
        f"SELECT l.{holder}::text AS holder_id, json_agg({_PRODUCT} ORDER BY l.position)::text "
        f"AS products FROM {table} AS l "
        f"WHERE l.shop_id = %(shop)s AND l.{holder} = ANY({ids}) GROUP BY l.{holder}"
    )


def _scans(shipment_ids: str) -> str:
    return (
        f"SELECT k.shipment_id::text, {', '.join(f'k.{name}' for name in SCAN_COLUMNS)} "
        "FROM shipments_scan AS k "
        f"WHERE k.shop_id = %(shop)s AND k.shipment_id = ANY({shipment_ids}) "
        "ORDER BY k.event_time DESC, k.id DESC"
    )


_ORDERS = (
    f"SELECT o.id::text AS uuid, {_ORDER_COLUMNS}, {_ADDRESS}::text AS address "
    "FROM orders_order AS o "
    f"WHERE o.shop_id = %(shop)s AND o.id = ANY({_IDS})"
)
_NUMBERS_OF_THEIR_ORDERS = (
    "SELECT o.id::text AS uuid, o.order_number FROM orders_order AS o "
    f"WHERE o.shop_id = %(shop)s AND o.id = ANY({_THEIR_ORDERS})"
)
_LINES_OF_ORDERS = _lines("orders_orderline", "order_id", _IDS)
_LINES_OF_THEIR_ORDERS = _lines("orders_orderline", "order_id", _THEIR_ORDERS)
_SHIPMENTS = (
    f"SELECT s.id::text AS uuid, s.order_id::text, {_SHIPMENT_COLUMNS} "
    f"FROM shipments_shipment AS s WHERE s.shop_id = %(shop)s AND s.id = ANY({_IDS})"
)
_SHIPMENTS_OF_ORDERS = (
    f"SELECT s.id::text AS uuid, s.order_id::text, {_SHIPMENT_COLUMNS} "
    f"FROM shipments_shipment AS s WHERE s.shop_id = %(shop)s AND s.order_id = ANY({_IDS}) "
    "ORDER BY s.position"
)
_OWN_LINES = _lines("shipments_shipmentline", "shipment_id", _IDS)
_OWN_LINES_IN_ORDERS = _lines("shipments_shipmentline", "shipment_id", _THEIR_SHIPMENTS)
_SCANS = _scans(_IDS)
_SCANS_IN_ORDERS = _scans(_THEIR_SHIPMENTS)
_NO_PRODUCTS = orjson.Fragment(b"[]")
