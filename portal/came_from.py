"""The list that a page was opened from, so that going back keeps the place."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.shortcuts import resolve_url

from shops.models import Shop


def list_come_from(request: HttpRequest, shop: Shop, name: str) -> str:
    """The address of the list `portal:name`, with its filters where the person came from it."""
    address = resolve_url(f"portal:{name}", slug=shop.slug)
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_list = came_from.netloc == request.get_host() and came_from.path == address
    return f"{address}?{came_from.query}" if is_list and came_from.query else address
