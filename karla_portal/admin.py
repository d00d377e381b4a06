"""The back office: staff of the operator fix records across shops."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase

from common.addresses import client_address
from portal.login import answer_lockout
from portal.spraying import is_spraying

Page = TypeVar("Page", bound=Callable[..., HttpResponseBase])


class StaffAdminSite(AdminSite):
    site_header = "Back office"
    site_title = "Back office"
    index_title = "Records"
    site_url = "/"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Throttled as the portal's log-in is: by account (django-axes) and by address."""
        if request.method == "POST" and is_spraying(client_address(request)):
            return answer_lockout(request)
        return super().login(request, extra_context)

    def admin_view(self, view: Page, cacheable: bool = False) -> Page:
        """Every page refuses NUL in its address, which PostgreSQL takes in no text."""
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def refusing_nul(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in text for name, texts in request.GET.lists() for text in (name, *texts)):
                return HttpResponseBadRequest("The address must not hold NUL.")
            return page(request, *args, **kwargs)

        return cast("Page", refusing_nul)
