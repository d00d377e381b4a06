"""Middleware for members' pages: programs and customers have no session, and pay for none."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django_htmx.middleware import HtmxMiddleware

from common.audit import PeopleAuditMiddleware
from common.middleware import LanguageMiddleware, PagePolicyMiddleware, PersonMiddleware
from common.session_age import SessionAgeMiddleware

WITHOUT_SESSION = ("/v1/shops/", "/v1/carriers/", "/v1/feeds/", "/t/", "/photos/")
"""What programs call, and the pages of shops' customers, which set a policy of their own."""


class PagesOnly:
    """In front of another middleware: steps aside for whoever is nobody's member.

    Several in a row step aside together.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)  # type: ignore[call-arg]
        inner = getattr(get_response, "__wrapped__", None)  # as Django wraps each middleware
        self.past_pages = inner.past_pages if isinstance(inner, PagesOnly) else get_response

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(WITHOUT_SESSION):
            return self.past_pages(request)
        return super().__call__(request)  # type: ignore[misc]


class PageCompression(PagesOnly, GZipMiddleware):
    """Lists shrink to a tenth. Downloads go out as they are made."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


class PagePolicy(PagesOnly, PagePolicyMiddleware):
    pass


class PageLanguage(PagesOnly, LanguageMiddleware):
    pass


class PageSession(PagesOnly, SessionMiddleware):
    pass


class PageAuthentication(PagesOnly, AuthenticationMiddleware):
    pass


class PageSessionAge(PagesOnly, SessionAgeMiddleware):
    pass


class PagePerson(PagesOnly, PersonMiddleware):
    pass


class PageMessages(PagesOnly, MessageMiddleware):
    pass


class PageHtmx(PagesOnly, HtmxMiddleware):
    pass


class PageAudit(PagesOnly, PeopleAuditMiddleware):
    pass
