"""Pages in a shop's clothes, rendered while the customer's language and the shop's zone hold."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from engagement.design import Design, design_of, in_language
from orders.models import Order
from shops.models import Shop
from tracking.languages import asked_language
from tracking.policy import seal


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    shop: Shop,
    order: Order | None = None,
    token: str = "",
    status: int = 200,
    scripts: bool = False,
) -> HttpResponse:
    """`template` extends `tracking/page.html`; what that needs is added here.

    `scripts`: whether our own scripts may run in it.
    """
    design = design_of(shop)
    whole = {
        "order": order,
        "token": token,
        "query": asked_language(request).query,
        **dress(shop, design),
        **context,
    }
    response = HttpResponse(render_to_string(template, whole), status=status)
    seal(response, picture_hosts=design.picture_hosts, scripts=scripts)
    return response


def render_not_found(request: HttpRequest) -> HttpResponse:
    """The same for whatever is not there: a wrong link looks like one of another's order."""
    page = render_to_string("tracking/not_found.html", {"language": get_language()})
    response = HttpResponse(page, status=404)
    seal(response)
    return response


def dress(shop: Shop, design: Design, *, preview: str = "") -> dict[str, Any]:
    """What the frame of a page shows of its shop; `preview`: the key of the one that it is in."""
    language = get_language() or shop.language
    where = {"key": preview} if preview else {"slug": shop.slug, "digest": design.digest}
    room = "preview" if preview else "design"
    return {
        "shop": shop,
        "language": language,
        "languages": settings.LANGUAGES,
        "design": design,
        "style_url": reverse(f"tracking:{room}_style", kwargs=where),
        "logo_url": reverse(f"tracking:{room}_logo", kwargs=where) if design.logo else "",
        "greeting": design.text("greeting", language, shop.language),
        "help_text": design.text("help", language, shop.language),
        "foot_links": [
            in_language(link.labels, (language, shop.language)) for link in design.links
        ],
    }
