from celery import shared_task

from common.heartbeats import WORKER, note_alive


@shared_task(name="common.note_alive")
def note_that_the_worker_is_alive() -> None:
    note_alive(WORKER)
