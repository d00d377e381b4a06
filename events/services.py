"""Writing facts down, in the caller's transaction: one cheap insert, nothing rendered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from common.ids import new_id
from common.rows import insert_rows
from common.trace import current_trace
from events.models import Event, Source
from events.nudge import nudge
from shops.models import Shop


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """What happened; `event_data` is what subscribers read (the contract's section 5)."""

    id: UUID = field(default_factory=new_id)
    source: Source
    ref: str
    event_group: str
    event_data: dict[str, Any]
    order_id: UUID | None = None
    shipment_id: UUID | None = None


def record(shop: Shop, facts: Sequence[Fact]) -> None:
    """Write the facts, in their order, with who did it and in which request."""
    if not facts:
        return
    trace = current_trace()
    insert_rows(
        Event,
        [
            {
                "id": fact.id,
                "shop_id": shop.id,
                "source": fact.source,
                "ref": fact.ref,
                "event_group": fact.event_group,
                "event_data": fact.event_data,
                "order_id": fact.order_id,
                "shipment_id": fact.shipment_id,
                "actor": trace.actor,
                "request_id": trace.request_id,
                "via": trace.via or "",
                "call": trace.call[:128],
                "key_hint": trace.key_hint,
            }
            for fact in facts
        ],
    )
    transaction.on_commit(nudge)
