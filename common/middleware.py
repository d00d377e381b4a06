"""What every request passes through: its id, who makes it, and the policy of pages."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import structlog
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import get_language_from_request

from common.ids import new_id
from common.routes import call_of, via_of
from common.trace import name_actor, name_call, traced

log = structlog.get_logger()

SANE_ID = re.compile(r"[A-Za-z0-9._:@/+=-]{1,128}")


class RequestIDMiddleware:
    """Every request has an id: the client's, if it sent a sane one, else a new one.

    It is on the response, on the trace and on every line of the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if SANE_ID.fullmatch(sent) else str(new_id())
        began = time.perf_counter()
        with traced(request_id=request_id):
            response = self.get_response(request)
            _note(request, response, began)
        response["X-Request-ID"] = request_id
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        match = request.resolver_match
        if match is not None:
            name_call(via_of(match.route), call_of(request.method or "", match.route))


def _note(request: HttpRequest, response: HttpResponse, began: float) -> None:
    """The access log: the route, never the path, for that holds tokens and what people search."""
    is_ours = response.status_code >= 500
    if is_ours or settings.LOG_REQUESTS:
        log.log(
            logging.ERROR if is_ours else logging.INFO,
            "request.answered",
            method=request.method,
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - began), 1),
        )


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
        is_back_office = f"{request.path_info}/".startswith(f"/{settings.ADMIN_PATH}/")
        language = settings.LANGUAGE_CODE if is_back_office else get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            pieces = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = _spoken(pieces, language)
        response.headers.setdefault("Content-Language", language)
        return response


def _spoken(pieces: Iterable[bytes], language: str) -> Iterator[bytes]:
    """A file that is made while it is sent, thus after the request was answered."""
    made = iter(pieces)
    while True:
        with translation.override(language):
            piece = next(made, None)
        if piece is None:
            return
        yield piece


class PersonMiddleware:
    """Names the person who is logged in as the actor of what the request changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            name_actor(request.user.get_username(), caller=f"user {request.user.pk}")
        return self.get_response(request)
