"""What every request passes through: its id, who makes it, and the policy of pages."""

import re
from collections.abc import Callable
from typing import Any

import structlog
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import get_language_from_request

from common.ids import new_id
from common.trace import name_actor, traced

SANE_ID = re.compile(r"[A-Za-z0-9._:@/+=-]{1,128}")


class RequestIDMiddleware:
    """Every request has an id: the client's, if it sent a sane one, else a new one.

    It is on the response, on the trace and on every line of the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if SANE_ID.fullmatch(sent) else str(new_id())
        with (
            traced(request_id=request_id),
            structlog.contextvars.bound_contextvars(request_id=request_id),
        ):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class PagePolicyMiddleware(CSPMiddleware):
    """The Content-Security-Policy is for pages; what programs read runs nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if response.get("Content-Type") == "application/json":
            return response
        return super().process_response(request, response)


class LanguageMiddleware:
    """Pages speak the language that was chosen, else the one the browser asks for.

    Not by `activate`, which would outlive the request in its thread. The back office is English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_back_office = f"{request.path_info}/".startswith("/admin/")
        language = settings.LANGUAGE_CODE if is_back_office else get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PersonMiddleware:
    """Names the person who is logged in as the actor of what the request changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            name_actor(request.user.get_username())
        return self.get_response(request)
