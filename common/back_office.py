"""What every page of the back office shares: big tables, history, races, actions one by one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from auditlog.models import LogEntry
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import DateTimeField, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime

from common.audit import worded
from common.errors import DomainError
from common.retry import retried

Done = TypeVar("Done")

SCRIPTS = ("jquery.init.js", "core.js", "admin/RelatedObjectLookups.js")
SCRIPT_OF_LISTS = "admin/js/actions.js"
MOST_COUNTED = 10_000
MOST_AT_ONCE = 200


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than MOST_COUNTED: a million rows are searched, not leafed through."""

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Any]", self.object_list)[:MOST_COUNTED].count()

    @property
    def is_capped(self) -> bool:
        return self.count >= MOST_COUNTED


class NamedDateTime(AdminSplitDateTime):
    """Django's two boxes, with names for who hears the page."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for box, name in zip(self.widgets, ("Date", "Time"), strict=True):
            box.attrs["aria-label"] = name


class BackOfficeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is deleted here, unless an admin says so; the history is the audit's."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    value_words: Mapping[str, Mapping[str, Any]] = {}
    """Words for values in the history whose fields do not name their choices themselves."""
    formfield_overrides: ClassVar[dict[type[Any], dict[str, Any]]] = {
        DateTimeField: {"widget": NamedDateTime}
    }
    note = ""
    """A sentence above the list, where staff may look for something that is not offered."""

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Of a row that is being made nothing is there to be read yet."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        unread = {*self.get_readonly_fields(request, obj)}
        return [
            (title, {**said, "fields": [name for name in said["fields"] if name not in unread]})
            for title, said in fieldsets
        ]

    @property
    def media(self) -> forms.Media:
        """Without what writes slugs while one types: nothing here has one, and it weighs as much as
        all the rest."""
        jquery = f"vendor/jquery/jquery{'' if settings.DEBUG else '.min'}.js"
        return forms.Media(js=[f"admin/js/{name}" for name in (jquery, *SCRIPTS)])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        media = self.media + forms.Media(js=[SCRIPT_OF_LISTS])
        return super().changelist_view(request, {"media": media, **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A save that lost a race starts over; its form then finds what the winner wrote."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        return retried(lambda _: self.save_changeform(request, object_id, form_url, extra_context))

    def save_changeform(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, with the old and the new values."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined,no-any-return]
                request, self.opts, object_id
            )
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        entries = self.audit_entries(obj).select_related("actor", "content_type")
        paginator = Paginator(entries.order_by("-timestamp", "-id"), self.list_per_page)
        page = paginator.get_page(request.GET.get("p"))
        for entry in page:
            entry.changes = worded(entry, self.value_words)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "opts": self.opts,
            "object": obj,
            "entries": page,
            "media": self.media,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/audit_history.html", context)

    def audit_entries(self, obj: Model) -> "QuerySet[LogEntry]":
        found: QuerySet[LogEntry] = LogEntry.objects.get_for_object(obj)
        return found

    def act_on_each(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Any]",
        act: Callable[[Any], object],
        *,
        done: str,
    ) -> None:
        """Do it to one row after the other; refusals are said row by row, the others are done."""
        succeeded = []
        for row in self._few(request, queryset):
            try:
                retried(partial(_act, act, row))
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            else:
                succeeded.append(row)
                self.log_change(request, row, done)
        if succeeded:
            names = ", ".join(str(row) for row in succeeded[:10])
            more = f" and {len(succeeded) - 10} more" if len(succeeded) > 10 else ""
            self.message_user(request, f"{done} {names}{more}.", messages.SUCCESS)

    def act_and_tell(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Any]",
        act: Callable[[Any], str],
        *,
        done: str,
    ) -> None:
        """Do it to one row after the other, and say of each what came of it, as `act` words it."""
        for row in self._few(request, queryset):
            try:
                became = retried(partial(_act, act, row))
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            else:
                self.log_change(request, row, f"{done}: {became}")
                self.message_user(request, f"{row}: {became}", messages.SUCCESS)

    def ask_act_and_tell(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Any]",
        act: Callable[[Any], str],
        *,
        action: str,
        question: str,
        consequence: str,
        done: str,
    ) -> HttpResponse | None:
        """All of an action: the page that asks; then it is done, and said row by row."""
        page = self.ask_first(
            request,
            queryset,
            action=action,
            question=(question, question),
            consequence=consequence,
        )
        if page is None:
            self.act_and_tell(request, queryset, act, done=done)
        return page

    def ask_first(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Any]",
        *,
        action: str,
        question: tuple[str, str],
        consequence: str,
    ) -> HttpResponse | None:
        """A page that asks, in words for one row or for several; None once the answer was yes."""
        if "confirmed" in request.POST:
            return None
        rows = self._few(request, queryset)
        if not rows:
            return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": question[0] if len(rows) == 1 else question[1],
            "consequence": consequence,
            "action": action,
            "rows": rows,
            "opts": self.opts,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)

    def _few(self, request: HttpRequest, queryset: "QuerySet[Any]") -> list[Any]:
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            self.message_user(
                request,
                f"Nothing was done: choose at most {MOST_AT_ONCE} rows at once.",
                messages.ERROR,
            )
            return []
        return rows


class ReadOnlyAdmin(BackOfficeAdmin):
    """Pages to look at: nothing is added, changed or deleted. Actions may mend rows, all the same:
    they have the permission `mend`, which is the one to change the model.
    """

    def has_mend_permission(self, request: HttpRequest) -> bool:
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def short_moment(moment: datetime | None) -> str:
    """Narrow enough for a column of a list, and with the time of day."""
    return date_format(localtime(moment), "Y-m-d H:i") if moment else "-"


def uuid_or_none(text: str | None) -> UUID | None:
    """What was typed or stands in an address, if it is an id."""
    try:
        return UUID((text or "").strip())
    except ValueError:
        return None


def _act(act: Callable[[Any], Done], row: Model, attempt: int) -> Done:
    return act(row)
