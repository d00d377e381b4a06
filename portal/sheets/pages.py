"""Importing orders from a file: upload it, match its columns, try it, import it."""

import csv
from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.request_body import MAX_UPLOAD_BYTES
from common.spreadsheets import CsvLine, plain_cell
from jobs.models import JobState
from portal.access import ShopRequest, shop_page
from portal.downloads import BYTE_ORDER_MARK
from portal.jobs.asking import ask_for_job
from portal.jobs.kinds import IMPORT_ORDERS, READ_FILE, TRY_IMPORT
from portal.sheets.columns import COLUMNS
from portal.sheets.files import MOST_BYTES, MOST_ROWS, too_many_bytes
from portal.sheets.matching import repeated_headings
from portal.sheets.models import Became, ImportedRow, OrderImport
from portal.sheets.services import attach_job, keep_file, match_columns
from shops.models import Role, Shop

MOST_SHOWN = 20
EXAMPLES = 3
BATCH = 1_000


class UploadForm(forms.Form):
    file = forms.FileField(
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"empty": "", "required": ""},
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def new_import(request: ShopRequest, shop: Shop) -> HttpResponse:
    """An upload that is too large is refused before anything of it is read, its token too."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD_BYTES:
        return _upload_page(request, shop, refusal=too_many_bytes().message, status=413)
    return _new_import(request, shop)


@csrf_protect
def _new_import(request: ShopRequest, shop: Shop) -> HttpResponse:
    if request.method != "POST":
        return _upload_page(request, shop)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, shop, refusal=_("Choose a file that is not empty."))
    file = form.cleaned_data["file"]
    try:
        kept = keep_file(shop, file.file, name=file.name, size=file.size)
    except DomainError as refusal:
        return _upload_page(request, shop, refusal=refusal.message)
    job = ask_for_job(shop, kind=READ_FILE, asked={"import": str(kept.id)})
    return redirect("portal:job", slug=shop.slug, job_id=job.id)


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.EDITOR)
def import_page(request: ShopRequest, shop: Shop, import_id: UUID) -> HttpResponse:
    """Which column is which; to go on is to try it."""
    order_import = _import(shop, import_id)
    if not order_import.is_read:
        messages.error(request, _("The file was not read to its end yet."))
        return redirect("portal:jobs", slug=shop.slug)
    columns, refusal = order_import.columns, ""
    if request.method == "POST":
        columns = request.POST.getlist("column")[: len(order_import.headings)]
        try:
            return _try(shop, import_id, columns)
        except DomainError as refused:
            refusal = refused.message
    rows = ImportedRow.objects.of(shop).filter(order_import=order_import).order_by("number")
    examples = [row.cells for row in rows[:EXAMPLES]]
    context = {
        "order_import": order_import,
        "matches": [
            {
                "heading": heading,
                "place": at + 1,
                "chosen": columns[at] if at < len(columns) else "",
                "examples": [cells[at] for cells in examples if at < len(cells) and cells[at]],
            }
            for at, heading in enumerate(order_import.headings)
        ],
        "choices": [(column.key, column.label) for column in COLUMNS.values()],
        "repeated": repeated_headings(order_import.headings),
        "refusal": refusal,
        "room": "orders",
    }
    return render(request, "portal/sheets/match.html", context, status=422 if refusal else 200)


@transaction.atomic
def _try(shop: Shop, import_id: UUID, columns: list[str]) -> HttpResponse:
    order_import = _import(shop, import_id, lock=True)
    if order_import.job is not None and order_import.job.is_running:
        return redirect("portal:job", slug=shop.slug, job_id=order_import.job_id)
    match_columns(order_import, columns)
    return _start(order_import, TRY_IMPORT)


@require_POST
@shop_page(Role.EDITOR)
def run_import(request: ShopRequest, shop: Shop, import_id: UUID) -> HttpResponse:
    """What was tried, with the columns that it was tried with; once, however often it is asked."""
    tried = request.POST.get("tried", "")
    with transaction.atomic():
        order_import = _import(shop, import_id, lock=True)
        job = order_import.job
        if job is None or job.state not in (JobState.RUNNING, JobState.DONE):
            messages.error(request, _("Try it first."))
            return redirect("portal:import", slug=shop.slug, import_id=order_import.id)
        if tried not in (str(job.id), job.asked.get("tried")):
            messages.error(
                request,
                _(
                    "Nothing was imported: the file was tried again meanwhile, maybe with other "
                    "columns. This is what came of it."
                ),
            )
        elif job.kind == TRY_IMPORT and not job.is_running:
            return _start(order_import, IMPORT_ORDERS, tried=tried)
        return redirect("portal:job", slug=shop.slug, job_id=job.id)


@require_safe
@shop_page(Role.EDITOR)
def bad_rows(request: ShopRequest, shop: Shop, import_id: UUID) -> HttpResponseBase:
    """The rows that were refused, as they came, and why: to mend, and to upload again."""
    order_import = _import(shop, import_id)
    rows = ImportedRow.objects.of(shop).filter(order_import=order_import, became=Became.REFUSED)
    return StreamingHttpResponse(
        _csv(order_import, rows.order_by("first", "number")),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rows-to-mend.csv"'},
    )


def _start(order_import: OrderImport, kind: str, **asked: str) -> HttpResponse:
    asked["import"] = str(order_import.id)
    job = ask_for_job(order_import.shop, kind=kind, asked=asked)
    attach_job(order_import, job)
    return redirect("portal:job", slug=order_import.shop.slug, job_id=job.id)


def _import(shop: Shop, import_id: UUID, *, lock: bool = False) -> OrderImport:
    """Locked while a job of it is started, so that there is one."""
    imports = OrderImport.objects.of(shop).select_related("job").defer("content")
    imports = imports.select_for_update(of=["self"]) if lock else imports
    order_import: OrderImport = get_object_or_404(imports, id=import_id)
    order_import.shop = shop
    return order_import


def _upload_page(
    request: ShopRequest, shop: Shop, *, refusal: str = "", status: int = 422
) -> HttpResponse:
    imports = OrderImport.objects.of(shop).filter(total__gt=0).order_by("-created_at", "-id")
    context = {
        "imports": imports[:MOST_SHOWN],
        "refusal": refusal,
        "megabytes": MOST_BYTES // 1024**2,
        "rows": number_format(MOST_ROWS, force_grouping=True),
        "columns": COLUMNS.values(),
        "room": "orders",
    }
    return render(request, "portal/sheets/upload.html", context, status=status if refusal else 200)


def _csv(order_import: OrderImport, rows: "QuerySet[ImportedRow]") -> Iterator[str]:
    writer = csv.writer(CsvLine())
    headings = [*map(plain_cell, order_import.headings), "reason"]
    yield BYTE_ORDER_MARK + writer.writerow(headings)
    width = len(order_import.headings)
    for start in range(0, order_import.total, BATCH):
        batch = list(rows[start : start + BATCH])
        yield "".join(
            writer.writerow(
                [
                    *(plain_cell(text) for text in row.cells[:width]),
                    *[""] * (width - len(row.cells)),
                    plain_cell(row.reason),
                ]
            )
            for row in batch
        )
        if len(batch) < BATCH:
            return
