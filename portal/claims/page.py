"""The page of one claim: what it is, what happened, and what to do about it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.customers import claims_of_customer
from claims.errors import ClaimNotFound
from claims.models import Claim, PhotoKind
from claims.photo_links import FOR_PAGES, photo_path
from claims.selectors import find_claim, photos_by_claim
from claims.telling import claim_lines, claim_title
from orders.models import Order
from portal.access import ShopRequest, shop_page
from portal.addresses import label_lines
from portal.came_from import list_come_from
from portal.claims.history import claim_history
from portal.claims.status import claim_status
from portal.visits.visiting import note_photos
from shipments.carriers import carrier_name
from shipments.models import Shipment
from shops.models import Membership, Role, Shop

OTHERS_SHOWN = 10


@require_safe
@shop_page()
def claim_page(request: ShopRequest, shop: Shop, claim_id: UUID) -> HttpResponse:
    return show_claim(request, shop, the_claim(shop, claim_id))


def show_claim(
    request: ShopRequest,
    shop: Shop,
    claim: Claim,
    *,
    typed: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """`typed`: what somebody wrote whose form was refused, for the `problem` above the page."""
    order = Order.objects.of(shop).get(id=claim.order_id)
    order.shop = shop
    shipments = Shipment.objects.of(shop)
    shipment = shipments.filter(id=claim.shipment_id).first() if claim.shipment_id else None
    photos = photos_by_claim(shop, [claim.id]).get(claim.id, [])
    visit = getattr(request, "visit", None)
    if photos and visit is not None:
        note_photos(visit, claim.reference)
    is_editor = Role(request.member.role).includes(Role.EDITOR)
    context = {
        "claim": claim,
        "title": claim_title(claim),
        "status": claim_status(claim),
        "lines": claim_lines(claim),
        "photos": [(one, photo_path(one, lasting=FOR_PAGES)) for one in photos],
        "has_signature": any(one.kind == PhotoKind.SIGNATURE for one in photos),
        "order": order,
        "label": label_lines(order.address),
        "shipment": shipment,
        "carrier": carrier_name(shipment.carrier_reference) if shipment else "",
        "history": claim_history(shop, claim),
        "others": _others(claim, order),
        "back": list_come_from(request, shop, "claims"),
        "may_act": is_editor,
        "can_mail": "@" in order.email_id and not claim.is_test,
        "typed": typed or {},
        "problem": problem,
        **(_people(shop) if is_editor else {}),
    }
    return render(request, "portal/claims/claim.html", context, status=status)


def the_claim(shop: Shop, claim_id: UUID) -> Claim:
    try:
        return find_claim(shop, claim_id)
    except ClaimNotFound as missing:
        raise Http404(missing.message) from missing


def _people(shop: Shop) -> dict[str, Any]:
    members = Membership.objects.filter(shop=shop, role__in=(Role.EDITOR, Role.ADMIN))
    return {"people": [one.user for one in members.select_related("user").order_by("user__email")]}


def _others(claim: Claim, order: Order) -> list[tuple[Claim, str]]:
    """Other claims of the same customer, newest first."""
    claims = claims_of_customer(order)
    if claims is None:
        return []
    found = claims.exclude(id=claim.id).order_by("-created_at", "-id")[:OTHERS_SHOWN]
    return [(one, claim_title(one)) for one in found]
