"""The list of a shop's claims."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from claims.models import Claim, ClaimStatus
from claims.telling import claim_title
from portal.access import ShopRequest, shop_page
from portal.claims.filters import ClaimFilters
from portal.claims.status import claim_status
from portal.paging import take_page
from portal.status import Status
from shops.models import Role, Shop


@dataclass(frozen=True, kw_only=True)
class ClaimItem:
    """One row of the list."""

    claim: Claim
    title: str
    status: Status


@require_safe
@shop_page()
def claim_list(request: ShopRequest, shop: Shop) -> HttpResponse:
    filters = ClaimFilters(request.GET, shop=shop, person=request.user)
    found = filters.found.with_order().select_related("order", "assignee")
    page = take_page(found, filters.sorting, after=filters.after, before=filters.before)
    context = {
        "filters": filters,
        "statuses": ClaimStatus,
        "page": page,
        "items": [
            ClaimItem(claim=claim, title=claim_title(claim), status=claim_status(claim))
            for claim in page.rows
        ],
        "is_empty": not request.GET and not page.rows,
        "may_set": Role(request.member.role).includes(Role.ADMIN),
    }
    template = "list" if request.htmx.target != "claims" else "_list"
    response = render(request, f"portal/claims/{template}.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if request.htmx and not request.htmx.boosted:
        replace_url(response, f"{request.path}?{filters.query}".rstrip("?"))
    return response
