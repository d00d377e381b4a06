"""What a browser shows that opened an address which only takes what a form sends."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.menu import room_of


class WrongMethodMiddleware:
    """Django answers with nothing at all, of which browsers make an empty page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or not request.accepts("text/html"):
            return response
        back, back_name = _way_back(request)
        context = {"back": back, "back_name": back_name}
        page = render(request, "405.html", context, status=405)
        page["Allow"] = response["Allow"]
        return page


def _way_back(request: HttpRequest) -> tuple[str, str | Promise]:
    if f"{request.path}/".startswith(f"/{settings.ADMIN_PATH}/"):
        return resolve_url("admin:index"), _("To the back office")
    match = request.resolver_match
    if match is not None and "slug" in match.kwargs:
        room = room_of(request.path)
        return resolve_url(f"portal:{room.key}", slug=match.kwargs["slug"]), room.name
    return "/", _("To the portal")
