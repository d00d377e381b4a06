"""Counts every request and how long it took, under the name of the view that answered."""

from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from common.counters import RESPONSES, counter, stopwatch

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOWHERE = "nowhere"
"""The view of an address that leads to none."""


class MeasuringMiddleware:
    """Inside what serves static files, around all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else NOWHERE
        method = request.method if request.method in METHODS else "other"
        stopwatch(view).observe(perf_counter() - start)
        counter(RESPONSES, view, str(method), str(response.status_code)).inc()
        return response
