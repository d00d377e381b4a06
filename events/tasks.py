from celery import shared_task

from events.retention import cut_events


@shared_task(name="events.cut")
def cut_events_by_month() -> None:
    cut_events()
