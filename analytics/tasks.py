import time
from collections import deque
from datetime import datetime

from celery import shared_task

from analytics.refresh import forget_moves, refresh_some, shops_to_refresh
from analytics.self_check import check_sample
from shops.models import Shop

REFRESHING_FOR = 25
CHECKING_FOR = 200
"""Seconds after which the shops that are left wait for the next time."""


@shared_task(name="analytics.refresh")
def refresh_numbers() -> None:
    """A batch of each shop in turn, so that a long one keeps nobody waiting.

    Each goes through its days once: one that changes all the time is left to the next run, else the
    days behind it would never have their turn.
    """
    until = time.monotonic() + REFRESHING_FOR
    waiting: deque[tuple[Shop, datetime | None]] = deque(
        (shop, None) for shop in shops_to_refresh()
    )
    while waiting and time.monotonic() < until:
        shop, after = waiting.popleft()
        batch = refresh_some(shop, after=after)
        if batch and batch.last_hour:
            waiting.append((shop, batch.last_hour))


@shared_task(name="analytics.check")
def check_numbers() -> None:
    """A sample of every shop against the base tables, the shops in another order each night."""
    until = time.monotonic() + CHECKING_FOR
    for shop in Shop.objects.order_by("?"):
        if time.monotonic() > until:
            return
        check_sample(shop)


@shared_task(name="analytics.forget_moves")
def forget_old_moves() -> None:
    forget_moves()
