"""A shop's jobs: how far each is, what became of each row, and a way to stop it."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from common.spreadsheets import CsvLine, plain_cell
from jobs.models import Job, JobRow, JobState, Outcome
from jobs.services import stop_job
from portal.access import ShopRequest, shop_page
from portal.jobs.kinds import READ_FILE, TITLES, TRY_IMPORT, role_for
from portal.sheets.models import OrderImport
from portal.status import Status, Tone
from privacy.exporting import KEPT_FOR
from privacy.models import Export
from shops.models import Role, Shop

MOST_JOBS = 50
MOST_ROWS = 100
ROOM = "orders"
TONES = {
    JobState.RUNNING: Tone.MOVING,
    JobState.DONE: Tone.DELIVERED,
    JobState.STOPPED: Tone.RETURNED,
    JobState.BROKEN: Tone.FAILED,
}


@require_safe
@shop_page()
def job_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    jobs = Job.objects.of(shop).order_by("-created_at", "-id")[:MOST_JOBS]
    items = [(job, title_of(job), status_of(job)) for job in jobs]
    return render(request, "portal/jobs/list.html", {"items": items, "room": ROOM})


@require_safe
@shop_page()
def job_page(request: ShopRequest, shop: Shop, job_id: UUID) -> HttpResponse:
    """Brings itself up to date while the job runs."""
    job = get_object_or_404(Job.objects.of(shop), id=job_id)
    rows = JobRow.objects.of(shop).filter(job=job)
    failed = rows.filter(outcome=Outcome.FAILED)
    context = {
        "job": job,
        "title": title_of(job),
        "status": status_of(job),
        "failures": failed.order_by("position")[:MOST_ROWS],
        "most": MOST_ROWS,
        "may_stop": job.is_running and _may_stop(request, job),
        **_import_facts(request, job),
        "export": _export_of(request, job),
        "room": ROOM,
    }
    is_watched = request.htmx.target == "job"
    if is_watched and context.get("is_to_match"):
        return HttpResponseClientRedirect(
            resolve_url("portal:import", slug=shop.slug, import_id=job.asked["import"])
        )
    template = "_job" if is_watched else "page"
    return render(request, f"portal/jobs/{template}.html", context)


@require_safe
@shop_page()
def job_rows(request: ShopRequest, shop: Shop, job_id: UUID) -> StreamingHttpResponse:
    """Every row of the job with what became of it, as CSV."""
    job = get_object_or_404(Job.objects.of(shop), id=job_id)
    rows = JobRow.objects.of(shop).filter(job=job).order_by("position")
    return StreamingHttpResponse(
        _csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{job.kind}-{job.id}.csv"'},
    )


@require_POST
@shop_page(Role.EDITOR)
def stop_a_job(request: ShopRequest, shop: Shop, job_id: UUID) -> HttpResponse:
    job = get_object_or_404(Job.objects.of(shop), id=job_id)
    job.shop = shop
    if not _may_stop(request, job):
        raise PermissionDenied("Who may not ask for such a job may not stop it.")
    if stop_job(job).state == JobState.STOPPED:
        messages.success(request, _("Stopped. What was done stays done."))
    return redirect("portal:job", slug=shop.slug, job_id=job.id)


def _may_stop(request: ShopRequest, job: Job) -> bool:
    return Role(request.member.role).includes(role_for(job.kind))


def _import_facts(request: ShopRequest, job: Job) -> dict[str, Any]:
    """Of a job that read, tried or imported a file: which, what became of it, what is next."""
    imports = OrderImport.objects.of(job.shop).defer("content")
    order_import = imports.filter(id=job.asked.get("import")).first()
    is_editor = Role(request.member.role).includes(Role.EDITOR)
    if job.kind == READ_FILE:
        is_to_match = order_import is not None and order_import.is_read and is_editor
        return {
            "is_reading": True,
            "is_editor": is_editor,
            "is_to_match": is_to_match,
            "file": order_import,
        }
    if order_import is None:
        return {}
    changed = JobRow.objects.of(job.shop).filter(job=job, outcome=Outcome.DONE)
    return {
        "order_import": order_import,
        "is_trial": job.kind == TRY_IMPORT,
        "is_latest": order_import.job_id == job.id,
        "is_editor": is_editor,
        "changes": changed.order_by("position")[:MOST_ROWS],
    }


def _export_of(request: ShopRequest, job: Job) -> Export | None:
    """The file that the job makes of a customer's data, for who asked for it."""
    wanted = job.asked.get("export")
    if wanted is None:
        return None
    exports = Export.objects.of(job.shop).filter(person=request.user)
    return exports.filter(created_at__gt=timezone.now() - KEPT_FOR, id=wanted).first()


def title_of(job: Job) -> str:
    return str(TITLES.get(job.kind, job.kind))


def status_of(job: Job) -> Status:
    if job.is_waiting:
        return Status(tone=Tone.EXPECTED, word=_("Waiting to begin"), since=job.created_at)
    state = JobState(job.state)
    return Status(tone=TONES[state], word=str(state.label), since=job.ended_at or job.created_at)


def _csv(rows: QuerySet[JobRow]) -> Iterator[str]:
    writer = csv.writer(CsvLine())
    yield writer.writerow(["position", "subject", "outcome", "message"])
    batch = list(rows[:1000])
    while batch:
        cells = (
            (r.position, plain_cell(r.subject), r.outcome, plain_cell(r.message)) for r in batch
        )
        yield "".join(writer.writerow(row) for row in cells)
        batch = list(rows.filter(position__gt=batch[-1].position)[:1000])
