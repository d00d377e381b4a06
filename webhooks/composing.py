"""What is said of an event: one body, composed once, with the context as it is then (section 5)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from claims.representation import represent_claims_of_orders
from events.relay import CommittedFact
from shipments.representation import represent_orders
from shops.models import Shop

VERSION = 1

Context = dict[str, Any]


def compose_bodies(shop: Shop, facts: Sequence[CommittedFact]) -> dict[UUID, str]:
    """The text of each fact's body, by its id: as many queries for one fact as for a thousand."""
    contexts = _contexts(shop, {fact.order_id for fact in facts if fact.order_id})
    return {
        fact.id: _text(_body(shop, fact, contexts.get(fact.order_id, NO_CONTEXT))) for fact in facts
    }


def _body(shop: Shop, fact: CommittedFact, context: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": fact.source,
        "ref": fact.ref,
        "version": VERSION,
        "triggered_at": fact.created_at,
        "event_group": fact.event_group,
        "event_data": fact.event_data,
        "context": context,
        "shop_slug": shop.slug,
        "shop_id": shop.id,
        "event_id": fact.id,
    }


NO_CONTEXT: Context = {"order": None, "customer": None, "shipments": [], "claims": []}


def _contexts(shop: Shop, order_ids: set[UUID]) -> dict[UUID | None, Context]:
    """By order; its claims are those that were not deleted, oldest first."""
    claims = represent_claims_of_orders(shop, order_ids) if order_ids else {}
    return {
        order.id: {
            "order": orjson.Fragment(order.json),
            "customer": represent_customer(orjson.loads(order.json)),
            "shipments": orjson.Fragment(b"[%b]" % b",".join(order.shipments)),
            "claims": claims.get(order.id, []),
        }
        for order in represent_orders(shop, list(order_ids))
    }


def represent_customer(order: Mapping[str, Any]) -> dict[str, str | None]:
    """Whoever ordered; a guest has no external id. The last word of a name is the last name."""
    *first, last = (order["address"]["name"] or "").split() or [""]
    return {
        "external_id": order["external_customer_id"],
        "email": order["email_id"],
        "first_name": " ".join(first) or last or None,
        "last_name": last if first else None,
    }


def _text(body: dict[str, Any]) -> str:
    return orjson.dumps(body).decode()
