"""The back office: staff of the operator fix records across shops."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse

from portal.operation.page import operation
from shops.models import User

Page = TypeVar("Page", bound=Callable[..., HttpResponseBase])


class StaffAdminSite(AdminSite):
    site_header = "Back office"
    site_title = "Back office"
    index_title = "Records"
    site_url = "/"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one door: the portal's log-in, which throttles and asks for second factors."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied("The back office is for the operator's staff.")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self) -> list[Any]:
        page = path("operation/", self.admin_view(partial(operation, site=self)), name="operation")
        return [page, *super().get_urls()]

    def admin_view(self, view: Page, cacheable: bool = False) -> Page:
        """Every page refuses NUL in its address, which PostgreSQL takes in no text; and staff who
        need a second factor and have none are led to where they set one up.
        """
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in text for name, texts in request.GET.lists() for text in (name, *texts)):
                return HttpResponseBadRequest("The address must not hold NUL.")
            if self.has_permission(request) and lacks_second_factor(request.user):
                messages.warning(request, "The back office opens once you have a second factor.")
                return redirect("mfa_index")
            return page(request, *args, **kwargs)

        return cast("Page", guarded)


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    return settings.STAFF_NEED_SECOND_FACTOR and not is_mfa_enabled(user)
