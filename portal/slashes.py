"""Addresses typed with a slash at their end."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse


def without_slash(request: HttpRequest, path: str) -> HttpResponse:
    """To the page of the portal that is meant; its address is built anew, so it leads nowhere else.

    What programs call has one spelling.
    """
    page = resolve(f"/{path.strip('/')}")
    if page.namespace != "portal" or request.method not in ("GET", "HEAD"):
        raise Http404
    address = reverse(page.view_name, args=page.args, kwargs=page.kwargs)
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address, permanent=True)
