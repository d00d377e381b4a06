import time

from celery import shared_task

from analytics.refresh import forget_moves, refresh_some, shops_to_refresh
from analytics.self_check import check_sample
from shops.models import Shop

REFRESHING_FOR = 25
CHECKING_FOR = 200
"""Seconds after which the shops that are left wait for the next time."""


@shared_task(name="analytics.refresh")
def refresh_numbers() -> None:
    """A batch of each shop in turn, so that a long one keeps nobody waiting."""
    until = time.monotonic() + REFRESHING_FOR
    waiting = list(shops_to_refresh())
    while waiting and time.monotonic() < until:
        shop = waiting.pop(0)
        if refresh_some(shop):
            waiting.append(shop)


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
