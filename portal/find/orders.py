"""Orders by whatever a person knows of them, a few of them, in bounded work.

First the indexes that say how something begins, each read for a few rows; then the newest orders,
one by one. What is frequent is found by these. What is not there is rare, or long ago: only then
are the trigrams asked, for no longer than PATIENCE. Of a number or an e-mail that was found already
they would not know more.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction

from common.replicas.reading import reading_alias
from common.statements import reading_cursor
from orders.models import Order
from portal.find.phones import orders_of_phone
from portal.find.text import LAST_LETTER, Text, telling_words
from shops.models import Shop

MOST = 6
NEWEST_LOOKED_AT = 2_000
MOST_CANDIDATES = 1_000
PATIENCE = "30ms"


def find_orders_by_text(shop: Shop, text: Text) -> list[Order]:
    """At most MOST of them, the likeliest first."""
    ids = _beginning_with(shop, text)
    ids = _joined(ids, orders_of_phone(shop, text.said, most=MOST))
    if len(ids) < MOST:
        ids = _joined(ids, _among_newest(shop, text))
    is_known = bool(ids) and text.is_precise
    if len(ids) < MOST and text.has_trigram and not is_known:
        ids = _joined(ids, _by_trigrams(shop, text))
    found = {order.id: order for order in Order.objects.of(shop).filter(id__in=ids[:MOST])}
    return [found[one] for one in ids[:MOST] if one in found]


def _beginning_with(shop: Shop, text: Text) -> list[UUID]:
    said, upper = text.said, text.said.upper()
    begins = {
        "order_number": (said, upper),
        "order_name": (said, upper, f"#{said}"),
        "external_id": (said, upper),
        "upper(email_id)": (upper,),
    }
    values: list[Any] = [shop.id, text.id]
    for texts in begins.values():
        for one in texts:
            values += [shop.id, one, one + LAST_LETTER]
    values += [shop.id, said, said + LAST_LETTER]
    values += [shop.id, upper, upper + LAST_LETTER]
    return _ids(_BEGINNING, values)


def _among_newest(shop: Shop, text: Text) -> list[UUID]:
    condition, values = _holds(text.spellings())
    return _ids(_NEWEST.format(condition=condition), [shop.id, *values])


def _by_trigrams(shop: Shop, text: Text) -> list[UUID]:
    """None where looking takes too long: then there are very many, all of them long ago."""
    ways = text.spellings()
    telling, first_values = _holds([telling_words(words) for words in ways])
    condition, values = _holds(ways)
    statement = _TRIGRAMS.format(telling=telling, condition=condition)
    try:
        with transaction.atomic(using=reading_alias()):
            cursor = reading_cursor()
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            ids = _ids(statement, [shop.id, *first_values, *values])
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return ids
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _TOOK_TOO_LONG:
            raise
        return []


def _holds(ways: Sequence[Sequence[str]]) -> tuple[str, list[str]]:
    """A condition on `search_text`: every word is in it, in one of the ways to spell it."""
    one = "search_text LIKE '%%' || lower(%s) || '%%'"
    condition = " OR ".join("(" + " AND ".join([one] * len(words)) + ")" for words in ways)
    return f"({condition})", [_escaped(word) for words in ways for word in words]


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _ids(statement: str, values: Sequence[Any]) -> list[UUID]:
    cursor = reading_cursor()
    cursor.execute(statement, values)
    return _joined([one for (one,) in cursor.fetchall()])


def _joined(*parts: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(one for part in parts for one in part))


def _begins(column: str) -> str:
    """Of a column whose index compares letter by letter; elsewhere the trigrams find the rest."""
    return (
        f"(SELECT id FROM orders_order WHERE shop_id = %s AND {column} >= %s AND {column} < %s "
        f"ORDER BY {column} LIMIT {MOST})"
    )


_TOOK_TOO_LONG = "57014"
_BY_ZIP_CODE = (
    "(SELECT id FROM orders_order WHERE shop_id = %s AND zip_code >= %s AND zip_code < %s "
    f"ORDER BY zip_code, order_placed_at DESC, id DESC LIMIT {MOST})"
)
_BY_SKU = (
    "(SELECT order_id FROM orders_orderline WHERE shop_id = %s AND NOT (sku = '') "
    "AND upper(sku) ~>=~ %s AND upper(sku) ~<~ %s "
    f"ORDER BY upper(sku) USING ~<~, id DESC LIMIT {MOST})"
)
_BEGINNING = " UNION ALL ".join(
    [
        "(SELECT id FROM orders_order WHERE shop_id = %s AND id = %s)",
        *[_begins("order_number")] * 2,
        *[_begins("order_name")] * 3,
        *[_begins("external_id")] * 2,
        _begins("upper(email_id)"),
        _BY_ZIP_CODE,
        _BY_SKU,
    ]
)
_NEWEST = f"""
    SELECT id FROM (
      SELECT id, search_text FROM orders_order WHERE shop_id = %s
       ORDER BY order_placed_at DESC, id DESC LIMIT {NEWEST_LOOKED_AT}
    ) AS newest WHERE {{condition}} LIMIT {MOST}
"""
# Planned by itself as it is materialized, and so by the trigrams; rows are read only so far as the
# limit asks for.
_TRIGRAMS = f"""
    WITH holding AS MATERIALIZED (
      SELECT id, order_placed_at, search_text FROM orders_order
       WHERE shop_id = %s AND {{telling}}
    ), candidates AS (
      SELECT * FROM holding LIMIT {MOST_CANDIDATES}
    )
    SELECT id FROM candidates WHERE {{condition}}
     ORDER BY order_placed_at DESC, id DESC LIMIT {MOST}
"""
