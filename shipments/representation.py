"""Orders and shipments as clients read them (the contract's sections 3 and 4).

One statement reads everything about them: PostgreSQL gives them as the very text that goes out,
but for what it cannot know, which is filled in here. Generated clients parse prices and weights
unguarded: they are numbers, 0 when unknown.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from common.json_decoder import FreeFormDecoder
from common.json_text import (
    Fillers,
    blank,
    each,
    json_object,
    listed,
    moment,
    number,
    or_null,
    plain,
    short_json,
    stored,
    text_or_null,
    understood,
    word,
)
from common.statements import raw_reading_cursor, server_version
from orders.tracking_link import page_urls
from shipments.carriers import carrier_url
from shipments.phases import COARSE_STATES
from shipments.scans.representation import SCAN_AS_JSON, meaning_filler
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


class RepresentedOrder(NamedTuple):
    json: bytes
    shipments: list[bytes]
    """The JSON of each."""
    id_text: bytes
    placed_at_text: bytes

    @property
    def id(self) -> UUID:
        return UUID(self.id_text.decode())

    @property
    def placed_at(self) -> datetime:
        return datetime.fromisoformat(self.placed_at_text.decode())


def represent_orders(shop: Shop, order_ids: Sequence[UUID]) -> list[RepresentedOrder]:
    """The shop's orders with these ids, in their order: one round trip, however many."""
    return find_orders(shop, _GIVEN, [shop.id, _array(order_ids)])[0] if order_ids else []


def find_orders(shop: Shop, ids: str, values: list[Any]) -> tuple[list[RepresentedOrder], bool]:
    """The shop's orders that `ids` selects, and whether there are more.

    It selects `id`, the `place` in the answer and `more`; its first parameter is the shop's id.
    """
    said = _Said(shop)
    parts = [line.split(_PART, 6) for line in said.lines(_orders(ids), values)]
    orders = [said.order(*texts) for _, _, *texts in parts]
    return orders, any(more == b"true" for _, more, *_ in parts)


def represent_shipments(shop: Shop, shipment_ids: Sequence[UUID]) -> list[bytes]:
    """The JSON of the shop's shipments with these ids, in their order, as it stands in orders."""
    if not shipment_ids:
        return []
    said = _Said(shop)
    lines = said.lines(_SHIPMENTS, [shop.id, _array(shipment_ids)])
    return [said.shipment(*line.split(_PART, 2)[1:]) for line in lines]


class _Said:
    """What PostgreSQL says of a shop: put together, and filled in where it does not know."""

    def __init__(self, shop: Shop) -> None:
        self._fillers = Fillers(
            {
                b"a": _free_form,
                b"e": meaning_filler(shop),
                b"l": partial(_page_link, page_urls(shop.id)),
                b"u": _carrier_url,
            }
        )
        self._slugs = b'"merchant_slug":%b,"shop_slug":%b' % ((orjson.dumps(shop.slug),) * 2)
        self._end = b'],"merchant_id":%b,%b}' % (orjson.dumps(shop.id), self._slugs)

    def lines(self, statement: str, values: list[Any]) -> list[bytes]:
        """One for each row, in their order."""
        cursor = raw_reading_cursor()
        cursor.execute(understood(statement, server_version()), values)
        [text] = cursor.fetchone()
        return sorted(self._fillers.fill(text).split(_NEXT_ROW)) if text else []

    def order(
        self, id_text: bytes, placed_at: bytes, fields: bytes, products: bytes, shipments: bytes
    ) -> RepresentedOrder:
        represented, trackings = [], []
        for text in shipments.split(_NEXT) if shipments else ():
            one = self.shipment(products, text)
            represented.append(one)
            if text[:1] == _TRACKING:
                trackings.append(one)
        as_json = b'%b,"products":[%b],%b,"trackings":[%b],"shipments":[%b]}' % (
            fields[:-1],
            products,
            self._slugs,
            b",".join(trackings),
            b",".join(represented),
        )
        return RepresentedOrder(as_json, represented, id_text, placed_at)

    def shipment(self, products: bytes, text: bytes) -> bytes:
        """`products` are those of its order; it may have its own."""
        fields, _, own = text.partition(_OWN)
        held = own[1:] if own else products
        return b'%b,"products":[%b%b' % (fields[1:-1], held, self._end)


def _page_link(page_url: Callable[[bytes], str], order_id: bytes) -> bytes:
    return orjson.dumps(page_url(bytes.fromhex(order_id.replace(b"-", b"").decode())))


@lru_cache(maxsize=4096)
def _carrier_url(wanted: bytes) -> bytes:
    reference, _, number = wanted.partition(b" ")
    return short_json(carrier_url(reference.decode(), orjson.loads(number), said=None) or None)


def _free_form(text: bytes) -> bytes:
    """No JSON reader takes whole numbers so long; see `FreeFormDecoder`."""
    return orjson.dumps(FreeFormDecoder().decode(text.decode())) if _LONG.search(text) else text


_LONG = re.compile(rb"\d{19}")


def _array(ids: Sequence[UUID]) -> str:
    """As one text: psycopg takes its time over each item of a list."""
    return f"{{{','.join(map(str, ids))}}}"


# What PostgreSQL is asked. Everything is found by shop and id, row by row: however little it knows
# of the shop (of a new one it expects a row or two), there is just one way to do that.

_NEXT_ROW = b"\x1c"
_PART = b"\x1d"
"""Between the parts of a row."""
_NEXT = b"\x1e"
"""Between an order's shipments. None of these characters stands unescaped in a JSON text."""
_OWN = b"\x19"
"""Before a shipment's own products; the first of them comes after a space."""
_DRAFT, _TRACKING = b"d", b"t"
"""Before a shipment."""


_ORDER = json_object(
    {
        "uuid": word("o.id"),
        **each(plain, "o", "order_number external_id"),
        **each(word, "o", "state currency"),
        "segments": "to_json(o.segments)",
        **each(plain, "o", "expected_number_of_shipments is_test"),
        **each(text_or_null, "o", "order_name email_id external_customer_id order_status_url"),
        **each(number, "o", "total_order_price shipping_price sub_total_price discount_price"),
        **each(number, "o", "weight"),
        **each(moment, "o", "order_placed_at created_at updated_at cancelled_at"),
        **each(stored, "o", "discounts preferred_delivery_date user_agent"),
        "address": json_object(
            {name: or_null(f"o.address ->> '{name}'") for name in ADDRESS_FIELDS}
        ),
        "order_analytics": blank("a", "o.order_analytics"),
        "tracking_page_url": blank("l", "o.id"),
    }
)


def _said_or(name: str, default: str) -> str:
    """Of a bundled product `b`."""
    return f"COALESCE(NULLIF(b -> '{name}', 'null')::text, '{default}')"


_BUNDLED_PRODUCT = json_object(
    {
        **{n: stored(f"b -> '{n}'") for n in ("product_id", "variant_id", "sku", "title", "size")},
        "quantity": _said_or("quantity", "1"),
        "price": _said_or("price", "0"),
        "weight": _said_or("weight", "0"),
        "images": _said_or("images", "[]"),
        "tax_lines": _said_or("tax_lines", "[]"),
        "type": _said_or("type", '"product"'),
    }
)
_BUNDLED_PRODUCTS = listed(
    _BUNDLED_PRODUCT,
    "jsonb_array_elements(l.bundled_products) WITH ORDINALITY AS bundled (b, nth)",
    by="nth",
)
_PRODUCT = json_object(
    {
        **each(text_or_null, "l", "product_id variant_id sku title"),
        "quantity": "l.quantity",
        **each(number, "l", "price"),
        **each(text_or_null, "l", "size"),
        **each(number, "l", "weight"),
        **each(stored, "l", "images tax_lines"),
        **each(word, "l", "type"),
        "bundled_products": (
            "CASE l.bundled_products WHEN '[]' THEN '[]' "
            f"ELSE '[' || {_BUNDLED_PRODUCTS} || ']' END"
        ),
    }
)
_PRODUCTS = listed(
    _PRODUCT,
    "orders_orderline AS l WHERE l.shop_id = o.shop_id AND l.order_id = o.id",
    by="l.position",
)
_OWN_PRODUCTS = listed(
    _PRODUCT,
    "shipments_shipmentline AS l WHERE l.shop_id = s.shop_id AND l.shipment_id = s.id",
    by="l.position",
)

_COARSE_STATE = "CASE s.phase {} END".format(
    " ".join(f"WHEN '{phase}' THEN '{state}'" for phase, state in COARSE_STATES.items())
)
_TRACKING_URL = (
    f"CASE WHEN s.tracking_url <> '' THEN JSON_SCALAR(s.tracking_url)::text "
    "WHEN s.carrier_reference = '' OR s.tracking_number IS NULL THEN 'null' "
    f"ELSE {blank('u', 's.carrier_reference', 'JSON_SCALAR(s.tracking_number)')} END"
)
_SHIPMENT = json_object(
    {
        "uuid": word("s.id"),
        "id": word("s.id"),
        **each(word, "s", "order_id"),
        "order_number": plain("o.order_number"),
        **each(or_null, "s", "tracking_number"),
        **each(word, "s", "phase direction flag"),
        **each(plain, "s", "is_test"),
        "state": word(_COARSE_STATE),
        **each(text_or_null, "s", "carrier_reference"),
        "tracking_url": _TRACKING_URL,
        **each(moment, "s", "tracking_placed_at delivered_at updated_at"),
        **each(stored, "s", "pickup"),
        "estimated_arrival": "CASE WHEN s.arrival_end IS NULL THEN 'null' ELSE {} END".format(
            json_object({"start": moment("s.arrival_start"), "end": moment("s.arrival_end")})
        ),
        "carrier": "CASE s.carrier_reference WHEN '' THEN 'null' ELSE {} END".format(
            json_object(
                {
                    **each(or_null, "s", "tracking_number"),
                    **each(word, "s", "carrier_reference"),
                    "tracking_url": _TRACKING_URL,
                }
            )
        ),
        "events": "'[' || {} || ']'".format(
            listed(
                SCAN_AS_JSON,
                "shipments_scan AS k WHERE k.shop_id = s.shop_id AND k.shipment_id = s.id",
                by="k.event_time DESC, k.id DESC",
            )
        ),
    }
)
_WITH_OWN_PRODUCTS = (
    "CASE WHEN s.tracking_number IS NULL "
    f"THEN '{_DRAFT.decode()}' ELSE '{_TRACKING.decode()}' END || {_SHIPMENT} || "
    f"CASE WHEN s.has_own_lines THEN '{_OWN.decode()} ' || {_OWN_PRODUCTS} ELSE '' END"
)
_SHIPMENTS_OF_ORDER = listed(
    _WITH_OWN_PRODUCTS,
    "shipments_shipment AS s WHERE s.shop_id = o.shop_id AND s.order_id = o.id",
    by="s.position",
    separator=_NEXT.decode(),
)


def _lines(ids: str, parts: Sequence[str], rows: str) -> str:
    """All rows as one text, which is sent in one go; OFFSET 0 has it look row by row.

    They are sorted here, by the place that each begins with.
    """
    line = f" || '{_PART.decode()}' || ".join(["lpad(wanted.place::text, 9, '0')", *parts])
    return (
        f"SELECT string_agg(found.line, '{_NEXT_ROW.decode()}') FROM ({ids}) AS wanted, "
        f"LATERAL (SELECT {line} AS line FROM {rows} OFFSET 0) AS found"
    )


_GIVEN = (
    "SELECT id, place, false AS more FROM unnest($2::uuid[]) WITH ORDINALITY AS given (id, place)"
)


@lru_cache(maxsize=1024)
def _orders(ids: str) -> str:
    return _lines(
        ids,
        ["wanted.more", "o.id", "o.order_placed_at", _ORDER, _PRODUCTS, _SHIPMENTS_OF_ORDER],
        "orders_order AS o WHERE o.shop_id = $1 AND o.id = wanted.id",
    )


_SHIPMENTS = _lines(
    _GIVEN,
    [f"CASE WHEN s.has_own_lines THEN '' ELSE {_PRODUCTS} END", _WITH_OWN_PRODUCTS],
    "shipments_shipment AS s "
    "JOIN orders_order AS o ON o.shop_id = s.shop_id AND o.id = s.order_id "
    "WHERE s.shop_id = $1 AND s.id = wanted.id",
)
