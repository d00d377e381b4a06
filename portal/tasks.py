from celery import shared_task
from django.utils import timezone

from jobs.services import forget_old_jobs as forget
from jobs.work import work_off
from portal.jobs.kinds import KINDS
from portal.numbers.summary.sending import send_weekly_summaries
from portal.operation.heartbeat import beat_once
from portal.sheets.services import forget_old_imports
from portal.visits.visiting import end_overdue_visits

A_TURN = 30  # seconds; well under a task's time limit


@shared_task(name="portal.beat")
def note_heartbeat() -> None:
    beat_once()


@shared_task(name="portal.end_overdue_visits")
def end_visits() -> None:
    end_overdue_visits()


@shared_task(name="portal.work_off_jobs")
def work_off_jobs() -> None:
    """A turn of it; and another at once while something is left."""
    if work_off(KINDS, seconds=A_TURN):
        work_off_jobs.apply_async(expires=60)


@shared_task(name="portal.forget_old_jobs")
def forget_old_jobs() -> None:
    forget()
    forget_old_imports()


@shared_task(name="portal.send_weekly_summaries")
def send_summaries_of_weeks_that_are_over() -> None:
    send_weekly_summaries(now=timezone.now())
