"""Jobs in the back office: to look at, and to stop."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from common.back_office import BackOfficeAdmin
from jobs.models import Job
from jobs.services import resume_job, stop_job
from shops.shop_filter import ShopFilter


@admin.register(Job)
class JobAdmin(BackOfficeAdmin):
    list_display = ["kind", "shop", "state", "actor", "done", "failed", "total", "created_at"]
    list_select_related = ["shop"]
    list_filter = ["state", "kind", ShopFilter]
    search_fields = ["actor", "shop__slug"]
    actions = ["stop", "resume"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [field.name for field in Job._meta.concrete_fields]

    @admin.action(description="Go on with what broke off or is stuck", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: "QuerySet[Job]") -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset.select_related("shop"),
            lambda job: "goes on" if resume_job(job) else "it has ended",
            action="resume",
            question="Go on?",
            consequence="A worker takes it up at once, where the last batch that was done ends.",
            done="Resumed",
        )

    @admin.action(description="Stop the selected jobs", permissions=["change"])
    def stop(self, request: HttpRequest, queryset: "QuerySet[Job]") -> None:
        self.act_on_each(request, queryset.select_related("shop"), stop_job, done="Stopped")
