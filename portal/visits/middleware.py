"""The one place that keeps a staff visit to what it is for: looking at one shop."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_header_parameters

from portal.models import StaffVisit, VisitEnd
from portal.visits.visiting import SESSION_KEY, end_visit, is_open, note_download, visit_in

SAFE = ("GET", "HEAD", "OPTIONS")


class VisitMiddleware:
    """While a visit lasts, the shop's pages are its member's; all others are the staff's own.

    Nothing but leaving and logging out is done, whatever page it is posted to.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visit = _visit_of(request)
        if visit is None:
            return self.get_response(request)
        if not is_open(visit):
            end_visit(visit, VisitEnd.TIME)
            return _back(request, visit)
        if request.path == reverse("portal:leave_visit"):
            return self._leave(request, visit)
        if request.path == reverse("portal:logout") and request.method == "POST":
            end_visit(visit, VisitEnd.LOGGED_OUT)
            return self.get_response(request)
        cast("Any", request).visit = visit
        if request.method not in SAFE:
            return _refuse(request)
        home = reverse("portal:shop", args=[visit.shop.slug])
        if request.path in ("/", reverse("portal:shops")):
            return redirect(home)
        if request.path.startswith("/shops/"):
            if not f"{request.path}/".startswith(f"{home}/"):
                return _refuse(request)
            request.user = visit.member
        response = self.get_response(request)
        if name := _file_in(response):
            note_download(visit, name)
        return response

    def _leave(self, request: HttpRequest, visit: StaffVisit) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        end_visit(visit, VisitEnd.LEFT)
        return _back(request, visit)


def _visit_of(request: HttpRequest) -> StaffVisit | None:
    if SESSION_KEY not in request.session or not request.user.is_authenticated:
        return None
    return visit_in(request.session, request.user)


def _file_in(response: HttpResponse) -> str:
    """The name of the file that the answer is; empty for a page. Without the query, which may name
    customers."""
    _kind, said = parse_header_parameters(response.headers.get("Content-Disposition", ""))
    return said.get("filename", "")


def _refuse(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/visits/refused.html", status=403)


def _back(request: HttpRequest, visit: StaffVisit) -> HttpResponse:
    del request.session[SESSION_KEY]
    messages.success(request, f"You see {visit.shop} as {visit.member} no more.")
    return redirect("admin:shops_shop_change", visit.shop.pk)
