"""The page of an order: where it is, what is in it, what comes next."""

import re
import time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from claims.flows import offered_flows
from engagement.design import design_of
from engagement.page_cache import KeptPage, confirm_page, keep_page, kept_page, may_ask, packed
from orders.models import Order
from orders.tracking_link import SEEN_BY_SHOP, LinkedOrder, linked_order
from tracking.access import not_found, order_of
from tracking.campaigns import campaign_block
from tracking.claims_states import told_claims
from tracking.languages import Asked, asked_language
from tracking.policy import seal
from tracking.rendering import dress
from tracking.state import page_state
from tracking.telling.page import announcements, order_rows, tell
from tracking.visits import note_visit

ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?![.\d]))")


@require_safe
def show_order(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page as it is kept, while nothing changed (`engagement.page_cache`)."""
    linked = linked_order(token)
    asked = asked_language(request)
    page = _current(linked, token, asked) if linked else None
    if linked is None or page is None:
        return not_found(request)
    if not _is_by_shop(request):
        note_visit(request, linked, campaign_id=page.campaign_id, variant=page.variant)
    return _answer(request, page)


def _current(linked: LinkedOrder, token: str, asked: Asked) -> KeptPage | None:
    kept = kept_page(linked, asked.key)
    if kept is not None and (kept.is_fresh or not may_ask(linked, asked.key)):
        return kept
    state = page_state(linked)
    if state is None:
        return None
    if kept is not None and kept.is_still(state):
        return confirm_page(linked, asked.key, kept)
    order = order_of(linked)
    if order is None:
        return None
    page = _render(order, token, asked, state)
    keep_page(linked, asked.key, page)
    return page


def _render(order: Order, token: str, asked: Asked, state: str) -> KeptPage:
    shop, now = order.shop, timezone.now()
    language = asked.code or shop.language
    design = design_of(shop)
    rows = order_rows(shop, order)
    with translation.override(language), timezone.override(ZoneInfo(shop.timezone)):
        story = tell(rows, language=language, now=now)
        promotion, chosen = campaign_block(shop, order, language=language, at=now)
        context = {
            "order": order,
            "token": token,
            "query": asked.query,
            "story": story,
            "announcements": announcements(shop, at=now, languages=(language, shop.language)),
            "is_test": order.is_test,
            "claims": told_claims(shop, order),
            "may_claim": bool(offered_flows(shop, order, rows.shipments, at=now)),
            "promotion": promotion,
            **dress(shop, design),
        }
        body = packed(render_to_string("tracking/order.html", context))
    return KeptPage(
        body=body,
        language=language,
        picture_hosts=(*design.picture_hosts, *(promotion.picture_hosts if promotion else ())),
        has_script=promotion is not None and bool(promotion.discount_code),
        state=state,
        rendered_at=time.time(),
        checked_at=time.time(),
        **chosen,
    )


def _is_by_shop(request: HttpRequest) -> bool:
    return f"?{request.GET.urlencode()}".startswith(SEEN_BY_SHOP)


def _answer(request: HttpRequest, page: KeptPage) -> HttpResponseBase:
    etag = page.etag
    seen = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponseBase
    if etag in seen:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(page.body)
        response.headers["Content-Encoding"] = "gzip"
        if not ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
            response = HttpResponse(page.unpacked)
        response.headers["Content-Language"] = page.language
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept-Language, Accept-Encoding"
    seal(response, picture_hosts=page.picture_hosts, scripts=page.has_script)
    return response
