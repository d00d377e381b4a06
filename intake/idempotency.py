"""Doing a thing once, however often it is asked for: `Idempotency-Key` (the contract, section 3).

The key is written in the same transaction as what it stands for: both exist, or neither. A second
request with the same key waits for the first one to end, and then gets its answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict
from common.ids import new_id
from common.retry import Raced, retried
from common.rows import insert_new_rows
from intake.models import IdempotentRequest
from shops.models import Shop

KEPT_FOR = timedelta(hours=24)


class IdempotencyKeyReused(Conflict):
    key = "idempotency_key_reused"


@dataclass(frozen=True, kw_only=True)
class Answer:
    content: Any
    """What goes out as JSON."""
    headers: dict[str, str] = field(default_factory=dict)
    is_replay: bool = False


def answer_once(shop: Shop, key: str, digest: str, answer: Callable[[], Answer]) -> Answer:
    """The answer to the first request with this key; `digest` tells whether it is the same one.

    A request that was refused is not kept: it changed nothing, and may be mended and sent again.
    """
    return retried(lambda _: _answer_once(shop, key, digest, answer))


def forget_idempotent_requests() -> int:
    """Delete what is no longer kept, in every shop; how many."""
    return IdempotentRequest.objects.filter(created_at__lt=_kept_since()).delete()[0]


@transaction.atomic
def _answer_once(shop: Shop, key: str, digest: str, answer: Callable[[], Answer]) -> Answer:
    requests = IdempotentRequest.objects.of(shop)
    requests.filter(key=key, created_at__lt=_kept_since()).delete()
    row_id = new_id()
    row = {"id": row_id, "shop_id": shop.id, "key": key, "digest": digest}
    if not insert_new_rows(IdempotentRequest, [row]).count:
        return _earlier_answer(shop, key, digest)
    answered = answer()
    requests.filter(id=row_id).update(
        content=orjson.dumps(answered.content).decode(), headers=answered.headers
    )
    return answered


def _earlier_answer(shop: Shop, key: str, digest: str) -> Answer:
    earlier = IdempotentRequest.objects.of(shop).filter(key=key).first()
    if earlier is None:
        raise Raced
    if earlier.digest != digest:
        raise IdempotencyKeyReused("This Idempotency-Key came with another request; use a new one.")
    return Answer(content=orjson.loads(earlier.content), headers=earlier.headers, is_replay=True)


def _kept_since() -> datetime:
    return timezone.now() - KEPT_FOR
