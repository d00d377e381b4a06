"""Each request is a span, by its route; inside of what gives it its id."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from common.measuring import METHODS
from common.spans import SpanKind, span
from common.trace import current_trace
from karla_portal.telemetry.statements import statements_told


class SpanMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method if request.method in METHODS else "_OTHER"
        beside = request.META.get("HTTP_TRACEPARENT", "")
        with (
            span(method, SpanKind.SERVER, {"http.request.method": method}, beside=beside) as told,
            statements_told(),
        ):
            response = self.get_response(request)
            match, trace = request.resolver_match, current_trace()
            if match is not None:
                told.rename(f"{method} {match.route}")
                told.note({"http.route": match.route})
            said = {
                "karla.request_id": trace.request_id,
                "karla.shop": trace.shop,
                "karla.caller": trace.caller,
            }
            told.note({name: value for name, value in said.items() if value})
            told.note({"http.response.status_code": response.status_code})
            if response.status_code >= 500:
                told.fail(str(response.status_code))
        return response
