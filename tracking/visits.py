"""Counting visits without a write for each: one row per order, at most once in a while."""

from uuid import UUID

import structlog
from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

from engagement.actions import record_action
from engagement.models import ActionKind
from engagement.robots import is_robot
from engagement.short_memory import ShortMemory
from orders.tracking_link import LinkedOrder
from shops.models import Shop

ONE_VISIT = 30
"""Seconds in which an order's page counts as opened once, however often it is loaded."""

log = structlog.get_logger()

_counted = ShortMemory[bool](most=2_000, seconds=5)


def note_visit(
    request: HttpRequest, linked: LinkedOrder, *, campaign_id: UUID | None, variant: str
) -> None:
    """That the page was opened and, where it has one, its campaign shown (or held out)."""
    if is_robot(request.headers) or not _is_new(linked):
        return
    shop = Shop(id=linked.shop_id)
    record_action(shop, linked.order_id, kind=ActionKind.OPENED)
    if campaign_id is not None:
        record_action(
            shop,
            linked.order_id,
            kind=ActionKind.SHOWN,
            element="campaign",
            campaign_id=campaign_id,
            variant=variant,
        )


def note_click(request: HttpRequest, linked: LinkedOrder, element: str) -> None:
    if not is_robot(request.headers):
        record_action(
            Shop(id=linked.shop_id), linked.order_id, kind=ActionKind.CLICKED, element=element
        )


def _is_new(linked: LinkedOrder) -> bool:
    key = f"tracking:visit:{linked.order_id}"
    if _counted.get(key):
        return False
    try:
        is_new = bool(cache.add(key, 1, ONE_VISIT))
    except RedisError:
        log.warning("tracking.visits_not_throttled")
        is_new = True
    _counted.put(key, value=True)
    return is_new
