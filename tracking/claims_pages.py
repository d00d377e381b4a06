"""Where the pages of claims are, and what all of them have in common."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from claims.flows import Step
from claims.models import ClaimDraft
from orders.models import Order
from shops.models import Shop
from tracking.access import CustomerRequest
from tracking.languages import asked_language
from tracking.rendering import render_page


def claims_page(
    request: CustomerRequest,
    name: str,
    context: Mapping[str, Any],
    *,
    shop: Shop,
    order: Order,
    status: int = 200,
    scripts: bool = False,
) -> HttpResponse:
    response = render_page(
        request,
        f"tracking/claims/{name}.html",
        context,
        shop=shop,
        order=order,
        token=request.token,
        status=status,
        scripts=scripts,
    )
    response["Cache-Control"] = "no-store"
    return response


def not_offered(request: CustomerRequest, shop: Shop, order: Order) -> HttpResponse:
    return claims_page(request, "not_offered", {}, shop=shop, order=order, status=409)


def step_url(request: CustomerRequest, draft: ClaimDraft, step: Step) -> str:
    return _url(request, "claim_step", draft_id=draft.id, step=step.value)


def to_choice(request: CustomerRequest) -> HttpResponse:
    return _see_other(_url(request, "claims"))


def to_step(request: CustomerRequest, draft: ClaimDraft, step: Step) -> HttpResponse:
    return _see_other(step_url(request, draft, step))


def to_claim(request: CustomerRequest, claim_id: UUID) -> HttpResponse:
    return _see_other(_url(request, "claim", claim_id=claim_id))


def _see_other(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


def _url(request: CustomerRequest, name: str, **arguments: object) -> str:
    url = reverse(f"tracking:{name}", kwargs={"token": request.token, **arguments})
    return f"{url}{asked_language(request).query}"
