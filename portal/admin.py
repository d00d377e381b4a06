"""The back office's pages of what the portal keeps, and the way into a shop, to look only."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from common.back_office import ReadOnlyAdmin, uuid_or_none
from common.errors import DomainError
from portal.models import SavedFilter, StaffVisit, WeeklySummary
from portal.people import admin as _people  # noqa: F401 - pages of its own
from portal.visits.visiting import LASTS, begin_visit, keep_in, may_be_visited
from shops.models import Membership, User
from shops.shop_filter import ShopFilter

MOST_OFFERED = 200


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnlyAdmin):
    list_display = ["name", "shop", "owner", "query", "created_at"]
    list_select_related = ["shop", "owner"]
    list_filter = [ShopFilter]
    search_fields = ["name__istartswith"]
    search_help_text = "How the name begins."
    ordering = ["-id"]
    sortable_by = ()


@admin.register(WeeklySummary)
class WeeklySummaryAdmin(ReadOnlyAdmin):
    list_display = ["person", "shop", "told_until", "created_at"]
    list_select_related = ["shop", "person"]
    list_filter = [ShopFilter]
    search_fields = ["person__email__istartswith", "shop__slug__exact"]
    search_help_text = "How the e-mail address begins, or the shop’s name in addresses."
    ordering = ["-id"]
    sortable_by = ()
    note = "Who is mailed a shop’s numbers of each week; everybody chooses for themselves."


class MembershipField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, membership: Any) -> str:
        return f"{membership.user} in {membership.shop} ({membership.get_role_display()})"


class VisitForm(forms.Form):
    membership = MembershipField(
        queryset=Membership.objects.none(), label="See the portal as", empty_label=None
    )
    reason = forms.CharField(
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="The shop’s admins read it in their audit.",
    )

    def __init__(self, *args: Any, offered: "QuerySet[Membership]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("MembershipField", self.fields["membership"]).queryset = offered


@admin.register(StaffVisit)
class StaffVisitAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "staff", "shop", "member", "reason", "ended_at", "ended_by"]
    list_select_related = ["shop", "staff", "member"]
    list_filter = ["ended_by", ShopFilter]
    search_fields = ["staff__email__istartswith", "member__email__istartswith"]
    search_help_text = "How the e-mail address of the staff or of the member begins."
    ordering = ["-began_at", "-id"]
    sortable_by = ()
    note = "Who of the staff saw which shop as whom, and why. The shop’s admins see it, too."

    def get_urls(self) -> list[URLPattern]:
        begin = path(
            "begin/", self.admin_site.admin_view(self.begin_view), name="portal_staffvisit_begin"
        )
        return [begin, *super().get_urls()]

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Of a shop or of a person; it is asked as whom, and why."""
        if not request.user.has_perm("portal.add_staffvisit"):
            raise PermissionDenied
        offered = _offered(request)
        form = VisitForm(request.POST or None, offered=offered)
        if form.is_valid():
            said = form.cleaned_data
            staff = cast("User", request.user)
            try:
                visit = begin_visit(staff, said["membership"], reason=said["reason"])
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                keep_in(request.session, visit)
                return redirect("portal:shop", slug=visit.shop.slug)
        fieldsets = [(None, {"fields": list(form.fields)})]
        context = {
            **self.admin_site.each_context(request),
            "title": "See the portal as a member of a shop",
            "opts": self.opts,
            "form": form,
            "adminform": helpers.AdminForm(cast("Any", form), fieldsets, {}),
            "is_anybody_there": offered.exists(),
            "minutes": int(LASTS.total_seconds() // 60),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/portal/staffvisit/begin.html", context)


def _offered(request: HttpRequest) -> "QuerySet[Membership]":
    shop = uuid_or_none(request.GET.get("shop"))
    person = uuid_or_none(request.GET.get("user"))
    if shop is None and person is None:
        raise Http404("Of which shop, or of which person?")
    of = {"shop": shop} if shop else {"user": person}
    found = may_be_visited().filter(**of).order_by("user__email", "shop__name")
    return may_be_visited().filter(id__in=list(found.values_list("id", flat=True)[:MOST_OFFERED]))
