"""Orders without an e-mail by the phone on them, however it is written.

What counts are the last seven digits: they are the same with +49 or 0 in front, with blanks or
without. An index of the few orders that have no e-mail finds them.
"""

import re
from uuid import UUID

from common.statements import prepared_cursor
from shops.models import Shop

TELLING = 7
"""Digits; also those of the index `order_by_phone`."""


def orders_of_phone(shop: Shop, said: str, *, most: int) -> list[UUID]:
    """The newest; none where `said` is no phone number."""
    digits = re.sub(r"\D", "", said)
    if len(digits) < TELLING or re.search(r"[^\d\s()+./-]", said):
        return []
    cursor = prepared_cursor()
    cursor.execute(_OF_PHONE, [shop.id, digits[-TELLING:], most])
    return [one for (one,) in cursor.fetchall()]


_OF_PHONE = rf"""
    SELECT id FROM orders_order
     WHERE shop_id = %s AND email_id = ''
       AND right(regexp_replace(address ->> 'phone', '\D', '', 'g'), {TELLING}) = %s
     ORDER BY order_placed_at DESC, id DESC LIMIT %s
"""
