"""Asking for long work, and having it stopped."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.trace import current_trace
from jobs.models import Job, JobState
from shops.models import Shop

KEPT_FOR = timedelta(days=30)


def start_job(shop: Shop, *, kind: str, asked: dict[str, Any]) -> Job:
    """Returns at once; a worker does it. Whoever makes the request is its actor."""
    trace = current_trace()
    job = Job.objects.create(
        shop=shop, kind=kind, asked=asked, actor=trace.actor, request_id=trace.request_id
    )
    return Job.objects.of(shop).get(id=job.id)


@transaction.atomic
def stop_job(job: Job) -> Job:
    """After the batch that is being done; what was done stays. An ended job stays as it is."""
    job = Job.objects.of(job.shop).select_for_update().get(id=job.id)
    if job.is_running:
        end(job, JobState.STOPPED)
        job.stopped_by = current_trace().actor
        job.save(update_fields=["state", "stopped_by", "ended_at", "updated_at"])
    return job


@transaction.atomic
def resume_job(job: Job) -> bool:
    """One that broke off goes on where it was, and one whose worker is gone at once; off else."""
    job = Job.objects.of(job.shop).select_for_update().get(id=job.id)
    if job.state not in (JobState.BROKEN, JobState.RUNNING):
        return False
    job.state, job.ended_at, job.leased_until, job.trouble = JobState.RUNNING, None, None, ""
    job.updated_at = timezone.now()
    job.save(update_fields=["state", "ended_at", "leased_until", "trouble", "updated_at"])
    return True


def end(job: Job, state: JobState) -> None:
    job.state = state
    job.ended_at = job.updated_at = timezone.now()


def forget_old_jobs() -> int:
    """Ended ones, with their rows, after KEPT_FOR; how many."""
    old = Job.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[1].get("jobs.Job", 0)
