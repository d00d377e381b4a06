"""The back office: staff of the operator fix records across shops."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse

from common.addresses import client_address
from portal.login import answer_lockout
from portal.spraying import is_spraying


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
