from celery import shared_task

from shipments.feeds.simulator.play import play_due_scans


@shared_task(name="feeds.play_test_parcels", expires=60)
def play_test_parcels() -> None:
    play_due_scans()
