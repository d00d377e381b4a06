"""Middleware that is for people's pages: what programs call has no session, and pays for none."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django_htmx.middleware import HtmxMiddleware

from common.audit import PeopleAuditMiddleware
from common.middleware import LanguageMiddleware, PagePolicyMiddleware, PersonMiddleware

CALLED_BY_PROGRAMS = "/v1/shops/"


class PagesOnly:
    """In front of another middleware: steps aside for programs' requests."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(CALLED_BY_PROGRAMS):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class PagePolicy(PagesOnly, PagePolicyMiddleware):
    pass


class PageLanguage(PagesOnly, LanguageMiddleware):
    pass


class PageSession(PagesOnly, SessionMiddleware):
    pass


class PageAuthentication(PagesOnly, AuthenticationMiddleware):
    pass


class PagePerson(PagesOnly, PersonMiddleware):
    pass


class PageMessages(PagesOnly, MessageMiddleware):
    pass


class PageHtmx(PagesOnly, HtmxMiddleware):
    pass


class PageAudit(PagesOnly, PeopleAuditMiddleware):
    pass
