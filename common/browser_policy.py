"""What browsers may do with any answer of ours, where its view said nothing else.

Pages and the customers' pages have policies of their own (django-csp, tracking.policy).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For what programs read and people save: shown as a page, it runs and loads nothing."""
NO_DEVICES = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class BrowserPolicyMiddleware:
    """Around everything, static files and redirects too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Permissions-Policy", NO_DEVICES)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path_info.startswith(settings.STATIC_URL):
            headers.setdefault("Content-Security-Policy", NOTHING)
            headers.setdefault("Cache-Control", "no-store")
        return response
