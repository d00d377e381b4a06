"""Opens a reading for requests that only read, and notes who wrote what (only with replicas)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from common.replicas.callers import caller_of
from common.replicas.reading import (
    begin_reading,
    give_up_replica,
    has_written,
    is_fault_of_replica,
    is_on_replica,
    read_on,
    stay_at_primary,
    without_reading,
)
from common.replicas.written import written

SAFE = {"GET", "HEAD"}
ROOMS = ("v1/shops/", "shops/", "t/")
"""The routes of which reads may go to a replica: the API, the portal's shops, customers' pages."""
REFUSED_UNREAD = {401, 403, 429}
"""Of whom nothing was written."""


class ReplicaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with without_reading():
            response = self.get_response(request)
            if isinstance(response, ReplicaFailed) or is_not_found_on_replica(response):
                stay_at_primary()
                response = self.get_response(request)
            if request.method not in SAFE or has_written():
                note_written(request, response)
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                parts = cast("Iterable[bytes]", response.streaming_content)
                response.streaming_content = read_on(parts)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        match = request.resolver_match
        if request.method not in SAFE or match is None or not match.route.startswith(ROOMS):
            return
        if caller := caller_of(request, kwargs):
            begin_reading(caller)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A replica that goes away meanwhile is no error of the caller's."""
        if not is_fault_of_replica(error):
            return None
        give_up_replica(error)
        return ReplicaFailed()


class ReplicaFailed(HttpResponse):
    """Reaches nobody: the request begins anew, at the primary."""

    status_code = 503


def is_not_found_on_replica(response: HttpResponseBase) -> bool:
    """The replica may not have heard of it yet."""
    return response.status_code == 404 and is_on_replica()


def note_written(request: HttpRequest, response: HttpResponseBase) -> None:
    match = request.resolver_match
    caller = caller_of(request, match.kwargs) if match is not None else ""
    if caller and response.status_code not in REFUSED_UNREAD:
        written.note(caller)
