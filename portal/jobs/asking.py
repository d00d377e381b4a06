"""Asking for a job from a page: it begins at once if a worker is there, else soon."""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils.translation import get_language
from kombu.exceptions import OperationalError

from jobs.models import Job
from jobs.services import start_job
from shops.models import Shop

log = structlog.get_logger()


def ask_for_job(shop: Shop, *, kind: str, asked: dict[str, Any]) -> Job:
    """The worker is told of it once it can be seen.

    `asked` is kept with the language of who asks, in which the rows say what became of them.
    """
    job = start_job(shop, kind=kind, asked={**asked, "language": get_language()})
    transaction.on_commit(lambda: _nudge(job))
    return job


def _nudge(job: Job) -> None:
    try:
        current_app.send_task("portal.work_off_jobs", expires=60)
    except OperationalError:
        log.warning("job.no_nudge", job=str(job.id))  # beat finds it
