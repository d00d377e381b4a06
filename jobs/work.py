"""Doing jobs, a batch at a time; many workers may, and any of them may die."""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from common.audit import acting
from common.ids import new_id
from common.retry import retried
from common.trace import Via, traced
from jobs.kinds import Batch, Kind
from jobs.models import Job, JobRow, JobState, Outcome
from jobs.services import end

LEASE = timedelta(minutes=2)
"""Longer than any batch takes; after it another worker goes on with the job of one that died."""

log = structlog.get_logger()


def work_off(kinds: Mapping[str, Kind], *, seconds: float) -> bool:
    """Work on what is asked for, as long as there is some and no longer than `seconds`.

    Returns whether something is left.
    """
    until = time.monotonic() + seconds
    while (job := _take()) is not None:
        goes_on = True
        while goes_on and time.monotonic() < until:
            goes_on = _do_batch(job, kinds)
        if goes_on:
            _hand_back(job)
            return True
    return False


@transaction.atomic
def _take() -> Job | None:
    """The job that has waited longest and that nobody works on, now leased."""
    now = timezone.now()
    free = Job.objects.running().filter(Q(leased_until=None) | Q(leased_until__lt=now))
    rows = free.select_related("shop").select_for_update(skip_locked=True, of=("self",))
    job = rows.order_by("updated_at").first()
    if job is not None:
        job.leased_until = now + LEASE
        job.save(update_fields=["leased_until"])
    return job


def _hand_back(job: Job) -> None:
    Job.objects.filter(shop_id=job.shop_id, id=job.id).update(leased_until=None)


def _do_batch(job: Job, kinds: Mapping[str, Kind]) -> bool:
    """Whether the job goes on."""
    try:
        with (
            traced(
                actor=job.actor,
                request_id=job.request_id,
                via=Via.JOB,
                call=job.kind,
                shop=job.shop.slug,
                job=str(job.id),
            ),
            acting(job.actor),
            translation.override(job.asked.get("language")),
        ):
            return retried(lambda _: _one_transaction(job, kinds[job.kind]))
    except Exception as error:  # whatever it is, the job must not be tried for ever
        log.exception(
            "job.broken",
            request_id=job.request_id,
            shop=job.shop.slug,
            job=str(job.id),
            kind=job.kind,
        )
        _break_off(job, error)
        return False


@transaction.atomic
def _one_transaction(job: Job, kind: Kind) -> bool:
    fresh = Job.objects.filter(shop_id=job.shop_id).select_for_update().get(id=job.id)
    if not fresh.is_running:
        return False
    fresh.shop = job.shop
    if fresh.total is None:
        fresh.total = kind.count(fresh)
    batch = kind.work(fresh, fresh.place)
    _keep(fresh, batch)
    fresh.place, fresh.leased_until = batch.place, timezone.now() + LEASE
    fresh.updated_at = timezone.now()
    if not batch.place:
        end(fresh, JobState.DONE)
    fresh.save()
    return fresh.is_running


def _keep(job: Job, batch: Batch) -> None:
    first = job.handled + 1
    JobRow.objects.bulk_create(
        JobRow(
            id=new_id(),
            shop_id=job.shop_id,
            job_id=job.id,
            position=position,
            subject=result.subject[:255],
            outcome=result.outcome,
            message=result.message[:1000],
        )
        for position, result in enumerate(batch.results, first)
    )
    counts = Counter(result.outcome for result in batch.results)
    job.done += counts[Outcome.DONE] + batch.handled
    job.skipped += counts[Outcome.SKIPPED]
    job.failed += counts[Outcome.FAILED]


def _break_off(job: Job, error: Exception) -> None:
    with transaction.atomic():
        fresh = Job.objects.filter(shop_id=job.shop_id).select_for_update().get(id=job.id)
        if fresh.is_running:
            fresh.trouble = f"{type(error).__name__}: {error}"[:500]
            end(fresh, JobState.BROKEN)
            fresh.save()
