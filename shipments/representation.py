"""Orders and shipments as clients read them (the contract's sections 3 and 4).

One statement reads everything about them: PostgreSQL gives them as the very text that goes out,
but for what it cannot know, which is filled in here. Generated clients parse prices and weights
unguarded: they are numbers, 0 when unknown.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
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
    number,
    or_null,
    plain,
    stored,
    text_or_null,
    word,
)
from common.statements import raw_cursor
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
    id: UUID
    placed_at: datetime
    json: bytes
    shipments: tuple[bytes, ...]
    """The JSON of each."""


def represent_orders(shop: Shop, order_ids: Sequence[UUID]) -> list[RepresentedOrder]:
    """The shop's orders with these ids, in their order: one round trip, however many."""
    return find_orders(shop, _GIVEN, [shop.id, _array(order_ids)])[0] if order_ids else []


def find_orders(shop: Shop, ids: str, values: list[Any]) -> tuple[list[RepresentedOrder], bool]:
    """The shop's orders that `ids` selects, and whether there are more.

    It selects `id`, the `place` in the answer and `more`; its first parameter is the shop's id.
    """
    cursor = raw_cursor()
    cursor.execute(_orders(ids), values)
    rows = cursor.fetchall()
    blanks = _Blanks(shop)
    return [blanks.order(*row) for _, *row in rows], any(more for more, *_ in rows)


def represent_shipments(shop: Shop, shipment_ids: Sequence[UUID]) -> list[bytes]:
    """The JSON of the shop's shipments with these ids, in their order, as it stands in orders."""
    if not shipment_ids:
        return []
    cursor = raw_cursor()
    cursor.execute(_SHIPMENTS, [shop.id, _array(shipment_ids)])
    blanks = _Blanks(shop)
    return [blanks.shipment(blanks.filled(text), products) for text, products in cursor.fetchall()]


class _Blanks:
    """Puts the texts together, and fills in what PostgreSQL does not know."""

    def __init__(self, shop: Shop) -> None:
        self._page_url = page_urls(shop.id)
        self._fillers = Fillers({b"e": meaning_filler(shop), b"u": _carrier_url})
        self._slugs = b'"merchant_slug":%b,"shop_slug":%b' % ((orjson.dumps(shop.slug),) * 2)
        self._end = b'],"merchant_id":%b,%b}' % (orjson.dumps(shop.id), self._slugs)

    def filled(self, text: bytes) -> bytes:
        return self._fillers.fill(text)

    def order(
        self,
        order_id: UUID,
        placed_at: datetime,
        fields: bytes,
        analytics: bytes,
        products: bytes,
        parcels: bytes,
    ) -> RepresentedOrder:
        texts = self.filled(parcels).split(_NEXT) if parcels else []
        shipments = [self.shipment(text, products) for text in texts]
        trackings = [
            shipment
            for shipment, text in zip(shipments, texts, strict=True)
            if not text.startswith(_DRAFT)
        ]
        as_json = (
            b'%b,"order_analytics":%b,"products":[%b],%b,"tracking_page_url":%b,'
            b'"trackings":[%b],"shipments":[%b]}'
        ) % (
            fields[:-1],
            _free_form(analytics),
            products,
            self._slugs,
            orjson.dumps(self._page_url(order_id)),
            b",".join(trackings),
            b",".join(shipments),
        )
        return RepresentedOrder(order_id, placed_at, as_json, tuple(shipments))

    def shipment(self, text: bytes, products: bytes) -> bytes:
        """`products` are those of its order; it may have its own."""
        fields, _, own = text.partition(_OWN)
        return b'%b,"products":[%b%b' % (
            fields.removeprefix(_DRAFT)[:-1],
            own[1:] if own else products,
            self._end,
        )


@lru_cache(maxsize=4096)
def _carrier_url(wanted: bytes) -> bytes:
    reference, _, number = wanted.partition(b" ")
    return orjson.dumps(carrier_url(reference.decode(), orjson.loads(number), said=None) or None)


def _free_form(text: bytes) -> bytes:
    """No JSON reader takes whole numbers so long; see `FreeFormDecoder`."""
    return orjson.dumps(FreeFormDecoder().decode(text.decode())) if _LONG.search(text) else text


_LONG = re.compile(rb"\d{19}")


def _array(ids: Sequence[UUID]) -> str:
    """As one text: psycopg takes its time over each item of a list."""
    return f"{{{','.join(map(str, ids))}}}"


# What PostgreSQL is asked. Everything is found by shop and id, row by row: however little it knows
# of the shop (of a new one it expects a row or two), there is just one way to do that.

_DRAFT = b"d"
"""Before a draft."""
_OWN = b"\x1d"
"""Before a shipment's own products; the first of them comes after a space."""
_NEXT = b"\x1e"
"""Between shipments. None of these stands in a JSON text outside of its strings, or unescaped."""


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
        **each(plain, "o", "order_placed_at created_at updated_at"),
        **each(or_null, "o", "cancelled_at"),
        **each(stored, "o", "discounts preferred_delivery_date user_agent"),
        "address": json_object({name: stored(f"o.address -> '{name}'") for name in ADDRESS_FIELDS}),
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
        **each(or_null, "s", "tracking_placed_at delivered_at"),
        **each(plain, "s", "updated_at"),
        **each(stored, "s", "pickup"),
        "estimated_arrival": "CASE WHEN s.arrival_end IS NULL THEN 'null' ELSE {} END".format(
            json_object({"start": or_null("s.arrival_start"), "end": plain("s.arrival_end")})
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
_PARCEL = (
    f"CASE WHEN s.tracking_number IS NULL THEN '{_DRAFT.decode()}' ELSE '' END || {_SHIPMENT} || "
    f"CASE WHEN s.has_own_lines THEN '{_OWN.decode()} ' || {_OWN_PRODUCTS} ELSE '' END"
)
_PARCELS = listed(
    _PARCEL,
    "shipments_shipment AS s WHERE s.shop_id = o.shop_id AND s.order_id = o.id",
    by="s.position",
    separator=_NEXT.decode(),
)

_GIVEN = (
    "SELECT id, place, false AS more FROM unnest($2::uuid[]) WITH ORDINALITY AS given (id, place)"
)


@lru_cache(maxsize=1024)
def _orders(ids: str) -> str:
    return _found(
        ids,
        f"wanted.more, o.id, o.order_placed_at, {_ORDER}, o.order_analytics::text, "
        f"{_PRODUCTS}, {_PARCELS} "
        "FROM orders_order AS o WHERE o.shop_id = $1 AND o.id = wanted.id",
    )


def _found(ids: str, rows: str) -> str:
    """OFFSET 0 keeps PostgreSQL from looking for another way than row by row."""
    return (
        f"SELECT found.* FROM ({ids}) AS wanted, LATERAL (SELECT {rows} OFFSET 0) AS found "
        "ORDER BY wanted.place"
    )


_SHIPMENTS = _found(
    _GIVEN,
    f"{_PARCEL}, CASE WHEN s.has_own_lines THEN '' ELSE {_PRODUCTS} END "
    "FROM shipments_shipment AS s "
    "JOIN orders_order AS o ON o.shop_id = s.shop_id AND o.id = s.order_id "
    "WHERE s.shop_id = $1 AND s.id = wanted.id",
)
