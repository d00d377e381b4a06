"""Jobs in the back office: to look at, and to stop."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.back_office import BackOfficeAdmin
from jobs.models import Job
from jobs.services import stop_job


@admin.register(Job)
class JobAdmin(BackOfficeAdmin):
    list_display = ["kind", "shop", "state", "actor", "done", "failed", "total", "created_at"]
    list_select_related = ["shop"]
    list_filter = ["state", "kind"]
    search_fields = ["actor", "shop__slug"]
    actions = ["stop"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [field.name for field in Job._meta.concrete_fields]

    @admin.action(description="Stop the selected jobs", permissions=["change"])
    def stop(self, request: HttpRequest, queryset: "QuerySet[Job]") -> None:
        self.act_on_each(request, queryset.select_related("shop"), stop_job, done="Stopped")
