"""The audit of a shop: who edited what, with the old and the new values."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from auditlog.models import LogEntry
from babel.numbers import format_decimal
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateTimeField, DecimalField, Field, QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.audit import worded
from common.spreadsheets import CsvLine, plain_cell
from jobs.models import Job
from portal.access import ShopRequest, shop_page
from portal.jobs.kinds import TITLES
from portal.list_filters import day_begins, day_ends
from portal.people.edit_words import (
    UNREADABLE,
    action_words,
    field_words,
    kind_words,
    record_words,
    said_words,
    value_words,
)
from portal.people.members import ROOM
from portal.templatetags.moments import current_locale, exact
from shipments.tracking_form import CARRIER_WORDS
from shops.models import Role, Shop

PER_PAGE = 30
PER_BATCH = 1_000
COLUMNS = (
    "time",
    "person",
    "address",
    "action",
    "kind",
    "record",
    "field",
    "before",
    "after",
    "job",
)


ValueWords = Callable[[Any], Any]
WordsOf = Callable[["Field[Any, Any]"], ValueWords | None]
AMOUNT, WEIGHT = "#,##0.00##", "#,##0.####"


class EditFilters(forms.Form):
    """As in the URL: what makes no sense finds nothing, never everything."""

    person = forms.CharField(label=_("Person"), required=False, max_length=254)
    kind = forms.ModelChoiceField(
        label=_("Kind"),
        required=False,
        queryset=ContentType.objects.order_by("app_label", "model"),
        empty_label=_("Any"),
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, said: QueryDict, *, shop: Shop) -> None:
        super().__init__(said)
        self.edits: QuerySet[LogEntry] = LogEntry.objects.filter(
            additional_data__shop=str(shop.id), actor__isnull=False
        ).order_by("-id")
        kinds = self.fields["kind"]
        kinds.label_from_instance = lambda kind: kind_words(kind.name)  # type: ignore[attr-defined]
        kinds.queryset = kinds.queryset.filter(  # type: ignore[attr-defined]
            id__in=self.edits.order_by().values("content_type")
        )

    @property
    def found(self) -> QuerySet[LogEntry]:
        if not self.is_valid():
            return self.edits.none()
        said, found = self.cleaned_data, self.edits.select_related("actor", "content_type")
        if said["person"]:
            found = found.filter(actor__email__icontains=said["person"])
        if said["kind"]:
            found = found.filter(content_type=said["kind"])
        if said["since"]:
            found = found.filter(timestamp__gte=day_begins(said["since"]))
        if said["until"]:
            found = found.filter(timestamp__lte=day_ends(said["until"]))
        return found.filter(id__lt=said["before"]) if said["before"] else found


@dataclass(frozen=True, kw_only=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Edit:
    entry: LogEntry
    kind: str
    record: str
    action: str
    changes: list[Change]
    job: Job | None
    """That did it for the person, if one did and is still there."""

    @property
    def job_title(self) -> str:
        return str(TITLES.get(self.job.kind, "")) if self.job else ""


@require_safe
@shop_page(Role.ADMIN)
def edits(request: ShopRequest, shop: Shop) -> HttpResponse:
    filters = EditFilters(request.GET, shop=shop)
    entries = list(filters.found[: PER_PAGE + 1])
    context = {
        "filters": filters,
        "edits": _edits(shop, entries[:PER_PAGE], _words_on_pages),
        "older": entries[PER_PAGE - 1].id if len(entries) > PER_PAGE else None,
        "is_first": not request.GET.get("before"),
        "room": ROOM,
    }
    return render(request, "portal/people/edits.html", context)


@require_safe
@shop_page(Role.ADMIN)
def edits_export(request: ShopRequest, shop: Shop) -> StreamingHttpResponse:
    """All that the filters find, a batch at a time."""
    found = EditFilters(request.GET, shop=shop).found
    return StreamingHttpResponse(
        _csv(shop, found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="edits-{shop.slug}.csv"'},
    )


def _csv(shop: Shop, found: QuerySet[LogEntry]) -> Iterator[str]:
    writer = csv.writer(CsvLine())
    yield writer.writerow(COLUMNS)
    batch = list(found[:PER_BATCH])
    while batch:
        rows = (row for edit in _edits(shop, batch, _words_in_files) for row in _rows(edit))
        yield "".join(map(writer.writerow, rows))
        batch = list(found.filter(id__lt=batch[-1].id)[:PER_BATCH])


def _rows(edit: Edit) -> Iterator[list[str]]:
    entry = edit.entry
    about = [
        entry.timestamp.isoformat(),
        entry.actor.email if entry.actor else "",
        entry.remote_addr or "",
        edit.action,
        edit.kind,
        edit.record,
    ]
    for change in edit.changes or [Change(field="", before="", after="")]:
        cells = (*about, change.field, change.before, change.after, edit.job_title)
        yield [plain_cell(cell) for cell in cells]


def _edits(shop: Shop, entries: Sequence[LogEntry], words_of: WordsOf) -> list[Edit]:
    named = [(entry.additional_data or {}).get("job") for entry in entries]
    ids = {job_id for job_id in named if job_id}
    jobs = {str(job.id): job for job in Job.objects.of(shop).filter(id__in=ids)} if ids else {}
    return [
        _edit(entry, jobs.get(job or ""), words_of)
        for entry, job in zip(entries, named, strict=True)
    ]


def _edit(entry: LogEntry, job: Job | None, words_of: WordsOf) -> Edit:
    model = entry.content_type.model_class()
    kind = str(model._meta.verbose_name) if model else entry.content_type.model
    names = {field.name: str(field.verbose_name) for field in model._meta.fields} if model else {}
    others = {relation.name for relation in model._meta.related_objects} if model else set()
    found = {field.name: words_of(field) for field in model._meta.fields} if model else {}
    changes = [
        _change(
            field_words(field, names.get(field, field)),
            [words(value) for value in change]
            if (words := found.get(field))
            else said_words(field, change),
        )
        for field, change in worded(entry, CARRIER_WORDS).items()
        if field not in UNREADABLE and field not in others
    ]
    return Edit(
        entry=entry,
        kind=kind_words(kind),
        record=record_words(kind, entry.object_repr),
        action=action_words(entry.action),
        changes=[change for change in changes if change.before != change.after],
        job=job,
    )


def _words_on_pages(field: "Field[Any, Any]") -> ValueWords | None:
    """How its values are said, if not as they are kept.

    Amounts without their currency: which one it was when they were edited is not kept.
    """
    if isinstance(field, DateTimeField):
        return lambda kept: _time(kept, exact)
    if isinstance(field, DecimalField):
        return lambda kept: _number(kept, WEIGHT if field.name == "weight" else AMOUNT)
    return None


def _words_in_files(field: "Field[Any, Any]") -> ValueWords | None:
    """For programs: times with their zone, numbers as they are kept."""
    if isinstance(field, DateTimeField):
        return lambda kept: _time(kept, datetime.isoformat)
    return None


def _time(value: Any, time_words: Callable[[datetime], str]) -> Any:
    """The audit keeps times as text, in UTC and without saying so."""
    try:
        return time_words(datetime.fromisoformat(value).replace(tzinfo=UTC))
    except (TypeError, ValueError):
        return value


def _number(value: Any, form: str) -> Any:
    """The audit keeps numbers as text too, with all the decimals that their columns have."""
    try:
        return format_decimal(Decimal(value), format=form, locale=current_locale())
    except (TypeError, ArithmeticError):
        return value


def _change(field: str, change: Any) -> Change:
    """Of related rows the audit keeps which were touched; of columns the two values."""
    if isinstance(change, dict):
        touched = ", ".join(
            record_words("shipment", str(name)) for name in change.get("objects", [])
        )
        return Change(field=field, before="", after=touched)
    before, after = change
    return Change(field=field, before=value_words(before), after=value_words(after))
