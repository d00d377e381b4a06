"""Nudges: what has to be done stands in PostgreSQL, where beat finds it."""

from uuid import UUID

from celery import shared_task

from shipments.feeds.carriers.poll import (
    connections_to_ask,
    forget_finished,
    poll_connection,
    try_connection,
)
from shipments.feeds.simulator.play import play_due_scans


@shared_task(name="feeds.play_test_parcels", expires=60)
def play_test_parcels() -> None:
    play_due_scans()


@shared_task(name="feeds.ask_carriers", expires=60)
def ask_carriers() -> None:
    for shop_id, connection_id in connections_to_ask():
        ask_carrier.delay(str(shop_id), str(connection_id))


@shared_task(name="feeds.ask_carrier", expires=60)
def ask_carrier(shop_id: str, connection_id: str) -> None:
    poll_connection(UUID(shop_id), UUID(connection_id))


@shared_task(name="feeds.try_carrier", expires=600)
def try_carrier(shop_id: str, connection_id: str) -> None:
    try_connection(UUID(shop_id), UUID(connection_id))


@shared_task(name="feeds.forget_finished")
def forget_finished_parcels() -> None:
    forget_finished()
