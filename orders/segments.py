"""Segments that few orders have, or none: their orders are looked up before anything else.

PostgreSQL keeps statistics of frequent segments only, and takes any other for one of 0.5 % of all
orders. It then walks the orders by their dates, and where there are none, past all of them.
"""

from uuid import UUID

from common.statements import reading_cursor
from shops.models import Shop

FEW = 500


def few_in_segment(shop: Shop, segment: str) -> list[UUID] | None:
    """All orders of the shop that have it; None where they are many, or PostgreSQL knows it."""
    segment = segment.strip()
    if not segment or "\x00" in segment:
        return None
    cursor = reading_cursor()
    cursor.execute(_FEW, [segment, shop.id, segment, FEW + 1])
    is_frequent, ids = cursor.fetchone()
    return None if is_frequent or len(ids) > FEW else ids


# Planned by itself as it is materialized, and so by the index of segments; read only so far as
# the limit asks for, and not at all where the segment is frequent.
_FEW = """
    WITH known AS MATERIALIZED (
      SELECT EXISTS (
        SELECT FROM pg_stats
         WHERE schemaname = current_schema AND tablename = 'orders_order'
           AND attname = 'segments' AND %s::text = ANY(most_common_elems::text::text[])
      ) AS is_frequent
    ), having_it AS MATERIALIZED (
      SELECT id FROM orders_order
       WHERE shop_id = %s AND segments @> ARRAY[%s]::varchar[]
         AND NOT (SELECT is_frequent FROM known)
    )
    SELECT is_frequent, ARRAY(SELECT id FROM having_it LIMIT %s) FROM known
"""
