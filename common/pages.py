"""Where the middleware of members' pages begins: programs and customers have no session."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

NOBODYS_MEMBERS = ("/v1/shops/", "/v1/carriers/", "/v1/feeds/", "/t/", "/photos/")
"""What programs call, and the pages of shops' customers, which set a policy of their own."""


class PagesFromHere:
    """Leads whoever is nobody's member past all middleware that follows, straight to the view.

    Views there are exempt from CSRF: what would tell a forged request is not read.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self.view = _behind_all(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_member = not request.path_info.startswith(NOBODYS_MEMBERS)
        response: HttpResponseBase = (self.get_response if is_member else self.view)(request)
        return response


def _behind_all(get_response: Any) -> Any:
    """What the last middleware calls. Django wraps each of them, and the view."""
    while hasattr(get_response.__wrapped__, "get_response"):
        get_response = get_response.__wrapped__.get_response
    return get_response


class CompressionMiddleware(GZipMiddleware):
    """Lists shrink to a tenth. Downloads go out as they are made."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
