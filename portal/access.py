"""Who may see a page, in one place: logged in, a member of the shop, in a role that suffices."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from common.trace import name_shop
from shops.models import Membership, Role, Shop, User

LAST_SHOP_COOKIE = "last_shop"
COOKIE_AGE = 365 * 24 * 3600

Rest = ParamSpec("Rest")


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    htmx: HtmxDetails


class ShopRequest(PersonRequest):
    """A request for a page of a shop, by one of its members."""

    member: Membership


def person_page(
    view: Callable[Concatenate[PersonRequest, Rest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For whoever is logged in; others are asked to log in, and come back."""

    @wraps(view)
    def page(request: HttpRequest, *args: Rest.args, **rest: Rest.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_log_in(request)
        return view(cast("PersonRequest", request), *args, **rest)

    return never_cache(page)


def shop_page(
    role: Role = Role.VIEWER,
) -> Callable[
    [Callable[Concatenate[ShopRequest, Shop, Rest], HttpResponseBase]],
    Callable[..., HttpResponseBase],
]:
    """For members of the shop in the URL, in `role` or a greater one; times are the shop's own.

    To everybody else the shop does not exist. Nothing is kept by browsers: pages name customers.
    """

    def decorate(
        view: Callable[Concatenate[ShopRequest, Shop, Rest], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(
            request: HttpRequest, slug: str, *args: Rest.args, **rest: Rest.kwargs
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_log_in(request)
            member = _membership(request.user, slug)
            if settings.MEMBERS_NEED_SECOND_FACTOR and not is_mfa_enabled(request.user):
                messages.warning(request, _("This page opens once you have a second factor."))
                return redirect("mfa_index")
            if not Role(member.role).includes(role):
                raise PermissionDenied(f"This page is for the role {role.label.lower()}.")
            shop_request = cast("ShopRequest", request)
            shop_request.member = member
            name_shop(member.shop.slug)
            with timezone.override(ZoneInfo(member.shop.timezone)):
                response = view(shop_request, member.shop, *args, **rest)
            _remember_shop(shop_request, response)
            return response

        return never_cache(page)

    return decorate


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page, which leads back here; htmx is sent there as a whole page."""
    htmx = cast("PersonRequest", request).htmx
    if htmx:
        return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    messages.warning(
        request, _("You were no longer logged in, so nothing was done. Log in and do it once more.")
    )
    return redirect_to_login(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """Where the form stood that was sent here."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        referrer, {request.get_host()}, require_https=request.is_secure()
    ):
        return "/"
    parts = urlsplit(referrer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _membership(user: User, slug: str) -> Membership:
    member = Membership.objects.select_related("shop").filter(user=user, shop__slug=slug).first()
    if member is None:
        raise Http404("There is no such shop, or you are not one of its members.")
    return member


def _remember_shop(request: ShopRequest, response: HttpResponseBase) -> None:
    slug = request.member.shop.slug
    if request.COOKIES.get(LAST_SHOP_COOKIE) != slug:
        keep(response, LAST_SHOP_COOKIE, slug)


def keep(response: HttpResponseBase, name: str, value: str) -> None:
    """Remember a choice of this browser's; no secret, so it needs no session."""
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
