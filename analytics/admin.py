"""The numbers in the back office: shops' targets; and their rollups, to be worked out anew."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localdate

from analytics.models import DeliveryTarget, RolledUp
from analytics.refresh import rebuild, recompute_day, refresh_some
from common.back_office import ReadOnlyAdmin
from shops.shop_filter import ShopFilter


@admin.register(DeliveryTarget)
class DeliveryTargetAdmin(ReadOnlyAdmin):
    list_display = ["shop", "days", "in_business_days"]
    list_select_related = ["shop"]
    list_filter = ["in_business_days", ShopFilter]
    search_fields = ["shop__name", "shop__slug"]
    ordering = ["shop__name"]
    note = "How long a parcel should take at most; each shop’s admins say so in the portal."


class DayForm(forms.Form):
    day = forms.DateField(
        initial=localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="By the shop’s clock: orders placed on it.",
    )


@admin.register(RolledUp)
class RolledUpAdmin(ReadOnlyAdmin):
    list_display = ["shop", "timezone", "started_at", "version"]
    list_select_related = ["shop"]
    search_fields = ["shop__name", "shop__slug"]
    list_filter = [ShopFilter]
    ordering = ["shop__name"]
    actions = ["refresh_now", "rebuild_all"]
    change_form_template = "admin/analytics/rolledup/change_form.html"
    note = "Numbers are exact at any time; what changed is read from the base tables until then."

    @admin.action(description="Work out now what has changed", permissions=["mend"])
    def refresh_now(
        self, request: HttpRequest, queryset: "QuerySet[RolledUp]"
    ) -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset.select_related("shop"),
            _refresh,
            action="refresh_now",
            question="Work out now what has changed?",
            consequence="A batch of days, the oldest first; the worker does so by itself.",
            done="Worked out",
        )

    @admin.action(description="Work everything out again", permissions=["mend"])
    def rebuild_all(
        self, request: HttpRequest, queryset: "QuerySet[RolledUp]"
    ) -> HttpResponse | None:
        return self.ask_act_and_tell(
            request,
            queryset.select_related("shop"),
            _rebuild,
            action="rebuild_all",
            question="Work everything out again?",
            consequence=(
                "All days are read from the base tables until the worker has done them. "
                "Pages of numbers are slower meanwhile, and as exact."
            ),
            done="Begun anew",
        )

    def get_urls(self) -> list[URLPattern]:
        day = path(
            "<uuid:object_id>/day/",
            self.admin_site.admin_view(self.day_view),
            name="analytics_rolledup_day",
        )
        return [day, *super().get_urls()]

    def day_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Which day is asked for, and worked out at once."""
        rolled_up = cast("RolledUp | None", self.get_object(request, str(object_id)))
        if rolled_up is None or not self.has_mend_permission(request):
            raise PermissionDenied
        form = DayForm(request.POST or None)
        if form.is_valid():
            day = form.cleaned_data["day"]
            recompute_day(rolled_up.shop, day)
            self.log_change(request, rolled_up, f"Worked out {day:%Y-%m-%d} again")
            self.message_user(
                request, f"{rolled_up.shop}: {day:%Y-%m-%d} worked out again.", messages.SUCCESS
            )
            here = reverse("admin:analytics_rolledup_change", args=[rolled_up.pk])
            return HttpResponseRedirect(here)
        fieldsets = [(None, {"fields": list(form.fields)})]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Work a day of {rolled_up.shop} out again",
            "opts": self.opts,
            "original": rolled_up,
            "form": form,
            "adminform": helpers.AdminForm(cast("Any", form), fieldsets, {}),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/analytics/rolledup/day.html", context)


def _refresh(rolled_up: RolledUp) -> str:
    batch = refresh_some(rolled_up.shop)
    if batch is None:
        return "somebody else is at it"
    return f"{batch.days} {'day' if batch.days == 1 else 'days'} worked out"


def _rebuild(rolled_up: RolledUp) -> str:
    rebuild(rolled_up.shop)
    return "the worker begins anew"
