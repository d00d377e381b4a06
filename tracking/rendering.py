"""Pages in a shop's clothes, rendered while the customer's language and the shop's zone hold."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from orders.models import Order
from shops.models import Shop
from tracking.policy import seal


def render_page(
    template: str,
    context: Mapping[str, Any],
    *,
    shop: Shop,
    order: Order | None = None,
    token: str = "",
    status: int = 200,
    scripts: bool = False,
) -> HttpResponse:
    """`template` extends `tracking/page.html`; it finds `shop`, `order` and `token` there too.

    `scripts`: whether our own scripts may run in it.
    """
    whole = {"shop": shop, "order": order, "token": token, **context}
    response = HttpResponse(render_to_string(template, whole), status=status)
    seal(response, scripts=scripts)
    return response


def render_not_found(request: HttpRequest, language: str) -> HttpResponse:
    """The same for whatever is not there: a wrong link looks like one of another's order."""
    response = HttpResponse(
        render_to_string("tracking/not_found.html", {"language": language}), status=404
    )
    seal(response)
    return response
