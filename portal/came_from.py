"""Where a page was opened or a choice was made, so that going back keeps the place."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from shops.models import Shop


def list_come_from(request: HttpRequest, shop: Shop, name: str) -> str:
    """The address of the list `portal:name`, with its filters where the person came from it."""
    address = resolve_url(f"portal:{name}", slug=shop.slug)
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_list = came_from.netloc == request.get_host() and came_from.path == address
    return f"{address}?{came_from.query}" if is_list and came_from.query else address


def back_to_page(request: HttpRequest) -> HttpResponse:
    """To the page that sent this request, if it is one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(page if is_ours else "portal:home")
