"""The audit as a list: searchable, and only to look at."""

from auditlog.admin import LogEntry
from auditlog.registry import auditlog
from auditlog.render import render_logentry_changes_html
from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.audit import worded
from common.back_office import ReadOnlyAdmin


class RecordFilter(admin.SimpleListFilter):
    title = "record"
    parameter_name = "record"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[LogEntry]"
    ) -> list[tuple[str, str]]:
        types = ContentType.objects.get_for_models(*auditlog.get_models())
        return sorted(
            ((str(kind.pk), str(model._meta.verbose_name)) for model, kind in types.items()),
            key=lambda choice: choice[1],
        )

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[LogEntry]"
    ) -> "QuerySet[LogEntry]":
        chosen = self.value() or ""
        return queryset.filter(content_type_id=chosen) if chosen.isdecimal() else queryset


class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["timestamp", "actor_email", "action", "record", "changed_fields"]
    list_display_links = ["timestamp"]
    list_select_related = ["content_type"]
    list_filter = ["action", RecordFilter, "timestamp"]
    ordering = ["-timestamp", "-id"]
    search_fields = ["actor_email", "object_repr", "object_pk", "cid", "changes"]
    search_help_text = "E-mail address of who did it, the record, its id, a request’s id, a value."
    fields = [
        "timestamp",
        "actor_email",
        "remote_addr",
        "action",
        "record",
        "all_changes",
        "cid",
    ]
    note = "Edits by people, with the old and the new values. What shops send is under Events."

    @admin.display(description="record")
    def record(self, entry: LogEntry) -> SafeString | str:
        kind = entry.content_type
        name = f"{kind.name} {entry.object_repr}"
        try:
            url = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[entry.object_pk])
        except NoReverseMatch:
            return name
        return format_html('<a href="{}">{}</a>', url, name)

    @admin.display(description="changed")
    def changed_fields(self, entry: LogEntry) -> str:
        return ", ".join(sorted(entry.changes_dict)) if entry.action == entry.Action.UPDATE else ""

    @admin.display(description="changes")
    def all_changes(self, entry: LogEntry) -> SafeString:
        entry.changes = worded(entry, {})
        rendered: SafeString = render_logentry_changes_html(entry)
        return rendered


# auditlog's own page searches by first and last names, which our users do not have. Importing the
# model from beside it makes sure that it was registered before it gives way.
admin.site.unregister(LogEntry)
admin.site.register(LogEntry, AuditEntryAdmin)


class LoginAttemptAdmin(AccessAttemptAdmin):  # type: ignore[misc]
    note = "Failed log-ins. Delete one to let its account log in again from there at once."


admin.site.unregister([AccessAttempt, AccessFailureLog])
admin.site.register(AccessAttempt, LoginAttemptAdmin)
