"""Facts as services record them, without the change that would make them true."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from common.ids import new_id
from events.models import Source
from events.services import Fact, record
from shops.models import Shop
from webhooks.models import Attempt, Delivery


def record_fact(
    shop: Shop,
    *,
    ref: str = "shipments/delivered/SUCCESSFULLY_DELIVERED",
    group: str = "shipment_delivered",
    event_time: datetime | None = None,
    more: dict[str, Any] | None = None,
    **fields: Any,
) -> UUID:
    fact = Fact(
        id=new_id(),
        source=Source(ref.partition("/")[0]),
        ref=ref,
        event_group=group,
        event_data={
            "event_name": "X",
            "event_time": event_time or timezone.now(),
            **(more or {}),
        },
        **fields,
    )
    record(shop, [fact])
    return fact.id


def record_attempt(delivery: Delivery, **fields: Any) -> Attempt:
    """The first one, which succeeded, unless said otherwise."""
    said: dict[str, Any] = {"number": 1, "request_headers": {}, "latency": 1, "is_success": True}
    return Attempt.objects.create(
        shop_id=delivery.shop_id,
        webhook_id=delivery.webhook_id,
        delivery=delivery,
        url=delivery.webhook.url,
        **{**said, **fields},
    )
