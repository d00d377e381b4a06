import time

from celery import shared_task
from django.utils import timezone

from shipments.arrival.learn import learn_transit_times, shops_to_learn_from
from shipments.arrival.overdue import flag_overdue
from shipments.arrival.renew import expect_unexpected

LEARNING_FOR = 120
"""Seconds after which the shops that are left wait for the next time."""


@shared_task(name="shipments.flag_overdue")
def flag_overdue_shipments() -> None:
    flag_overdue()


@shared_task(name="shipments.learn_transit_times")
def learn_transit_times_of_shops() -> None:
    until = time.monotonic() + LEARNING_FOR
    for shop in shops_to_learn_from(timezone.now()):
        if time.monotonic() > until:
            return
        learn_transit_times(shop)
        expect_unexpected(shop)
