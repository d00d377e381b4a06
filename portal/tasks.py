from celery import shared_task
from django.utils import timezone

from jobs.services import forget_old_jobs as forget
from jobs.work import work_off
from portal.jobs.kinds import KINDS
from portal.numbers.summary.sending import send_weekly_summaries
from portal.privacy.holdings import HELD
from portal.privacy.retention import keep_retentions
from portal.sheets.services import forget_old_imports
from portal.visits.visiting import end_overdue_visits
from privacy.erasing import delete_doomed_files
from privacy.exporting import forget_exports, make_files
from privacy.requests import give_up_unfinished

A_TURN = 30  # seconds; well under a task's time limit


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


@shared_task(name="portal.finish_privacy")
def finish_what_was_asked_for_customers() -> None:
    """What a worker left that died after a commit; and exports whose time is over."""
    delete_doomed_files()
    make_files(HELD)
    forget_exports()
    give_up_unfinished()


@shared_task(name="portal.keep_retentions")
def forget_what_is_old() -> None:
    """A turn of it; and another at once while something is left."""
    if keep_retentions(seconds=A_TURN):
        forget_what_is_old.apply_async(expires=600)
