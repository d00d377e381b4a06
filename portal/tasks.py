from celery import shared_task

from jobs.services import forget_old_jobs as forget
from jobs.work import work_off
from portal.jobs.kinds import KINDS

A_TURN = 30  # seconds; well under a task's time limit


@shared_task(name="portal.work_off_jobs")
def work_off_jobs() -> None:
    """A turn of it; and another at once while something is left."""
    if work_off(KINDS, seconds=A_TURN):
        work_off_jobs.apply_async(expires=60)


@shared_task(name="portal.forget_old_jobs")
def forget_old_jobs() -> None:
    forget()
