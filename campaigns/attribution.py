"""Which campaign brought an order: written with the order itself, in one statement for many.

The strongest evidence wins (`campaigns.evidence`); of several campaigns that it names, the one that
started last. No campaign brought an order that was placed before it started.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from campaigns.evidence import evidence_of
from campaigns.models import Attribution
from common.ids import new_id
from common.rows import delete_rows
from common.statements import prepared_cursor
from orders.lookup import lock_order
from orders.models import Order
from orders.services import attribute_order
from shops.models import Shop

TELLING = {"order_analytics", "discounts", "order_placed_at"}
"""The columns of an order that an attribution follows from."""


def attribute_orders(shop: Shop, orders: Sequence[Order]) -> None:
    """Note which campaign brought each of these orders, if one did; none has an attribution yet.

    One statement, and none where no order carries analytics or discount codes. May be pipelined.
    """
    telling = [order for order in orders if order.order_analytics or order.discounts]
    rows = [row for order in telling for row in _rows(order, timezone.now())]
    if rows:
        prepared_cursor().execute(_ATTRIBUTE, [orjson.dumps(rows).decode(), *[shop.id] * 5])


def attribute_again(shop: Shop, orders: Sequence[Order]) -> None:
    """The same, for orders of which a column in TELLING changed."""
    delete_rows(Attribution, shop.id, "order_id", [order.id for order in orders])
    attribute_orders(shop, orders)


@transaction.atomic
def replace_analytics(order: Order, analytics: dict[str, Any]) -> Order:
    """Attach or replace what the shop knows of where the order came from, and what follows."""
    changed = attribute_order(order, analytics)
    attribute_again(changed.shop, [changed])
    return changed


@transaction.atomic
def attribute_edited(order: Order) -> None:
    """After an edit by hand."""
    order = lock_order(order.shop, order.id)
    attribute_again(order.shop, [order])


def _rows(order: Order, now: datetime) -> Iterator[dict[str, Any]]:
    found, referring_order_id = evidence_of(order)
    if found:
        attribution_id = new_id()
        for evidence in found:
            yield {
                "id": attribution_id,
                "order_id": order.id,
                "placed_at": order.order_placed_at,
                "rank": evidence.rank,
                "way": evidence.way,
                "evidence": evidence.words,
                "campaign_id": evidence.campaign_id,
                "code": evidence.code,
                "discount_code": evidence.discount_code,
                "referring_order_id": referring_order_id,
                "attributed_at": now,
            }


_ATTRIBUTE = """
    WITH said AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(%s::jsonb) AS said(
        id uuid, order_id uuid, placed_at timestamptz, rank integer, way varchar, evidence varchar,
        campaign_id uuid, code varchar, discount_code varchar, referring_order_id uuid,
        attributed_at timestamptz)
    ), named AS (
      SELECT said.*, c.id AS found, COALESCE(c.starts_at, c.created_at) AS since
        FROM said JOIN campaigns_campaign c
          ON c.shop_id = %s AND c.id = said.campaign_id AND c.deleted_at IS NULL
      UNION ALL
      SELECT said.*, c.id, COALESCE(c.starts_at, c.created_at)
        FROM said JOIN campaigns_campaign c
          ON c.shop_id = %s AND c.code = said.code AND c.deleted_at IS NULL
      UNION ALL
      SELECT said.*, c.id, COALESCE(c.starts_at, c.created_at)
        FROM said
        JOIN campaigns_discount d ON d.shop_id = %s AND UPPER(d.code) = UPPER(said.discount_code)
        JOIN campaigns_campaign c
          ON c.shop_id = %s AND c.discount_id = d.id AND c.deleted_at IS NULL
    )
    INSERT INTO campaigns_attribution
      (id, shop_id, order_id, campaign_id, way, evidence, referring_order_id, attributed_at)
    SELECT DISTINCT ON (order_id)
           id, %s::uuid, order_id, found, way, evidence, referring_order_id, attributed_at
      FROM named
     WHERE since <= placed_at
     ORDER BY order_id, rank, since DESC, found DESC
    ON CONFLICT DO NOTHING
"""
