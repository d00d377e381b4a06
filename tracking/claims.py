"""A customer's claims: what can be reported, one question a page, and what became of it."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims.drafts import begin_draft, find_draft, lines_of, offer_of, remove_photo
from claims.errors import ClaimNotFound, FlowNotOffered
from claims.flows import Step, offered_flows
from claims.models import Claim, Flow
from claims.selectors import photos_by_claim
from claims.telling import claim_lines
from orders.models import Order
from shipments.selectors import shipments_by_order
from shops.models import Shop
from tracking.access import CustomerRequest, order_page
from tracking.claims_forms import Asked
from tracking.claims_pages import claims_page, not_offered, to_choice, to_claim, to_step
from tracking.claims_states import told_claims
from tracking.claims_step import StepPage, answers_within
from tracking.claims_summary import shown
from tracking.rendering import render_not_found


@require_safe
@order_page
def choose_flow(request: CustomerRequest, shop: Shop, order: Order) -> HttpResponse:
    shipments = shipments_by_order(shop, [order.id])[order.id]
    context = {
        "offers": offered_flows(shop, order, shipments, at=timezone.now()),
        "shipment": request.GET.get("parcel", ""),
        "claims": told_claims(shop, order),
    }
    return claims_page(request, "choose", context, shop=shop, order=order)


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def begin_claim(request: CustomerRequest, shop: Shop, order: Order) -> HttpResponse:
    """Opened as a page, it leads to the one that its form is on."""
    if request.method != "POST":
        return to_choice(request)
    try:
        flow = Flow(request.POST.get("flow", ""))
        draft = begin_draft(shop, order, flow, shipment_id=_uuid(request.POST.get("parcel", "")))
        offer = offer_of(shop, order, flow)
    except (FlowNotOffered, ValueError):
        return not_offered(request, shop, order)
    return to_step(request, draft, answers_within(draft, offer).next_step)


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def claim_step(
    request: CustomerRequest, shop: Shop, order: Order, draft_id: UUID, step: str
) -> HttpResponse:
    """One question. Posted, the answer is kept and leads to the next that is still open."""
    try:
        draft = find_draft(shop, order, draft_id)
        if draft.claim_id is not None:
            return to_claim(request, draft.claim_id)
        offer = offer_of(shop, order, Flow(draft.flow))
        answers = answers_within(draft, offer)
        this = answers.steps[answers.steps.index(Step(step))]
        if answers.steps.index(this) > answers.steps.index(answers.next_step):
            return to_step(request, draft, answers.next_step)
        asked = Asked(answers=answers, offer=offer, lines=lines_of(draft))
        page = StepPage(request, shop, order, asked, this)
        return page.answer() if request.method == "POST" else page.show()
    except (ClaimNotFound, ValueError):
        return render_not_found(request)
    except FlowNotOffered:
        return not_offered(request, shop, order)


@require_http_methods(["GET", "HEAD", "POST"])
@order_page
def remove_claim_photo(
    request: CustomerRequest, shop: Shop, order: Order, draft_id: UUID, photo_id: UUID
) -> HttpResponse:
    """Opened as a page, it removes nothing, and leads to the photos all the same."""
    try:
        draft = find_draft(shop, order, draft_id)
        if request.method == "POST":
            remove_photo(draft, photo_id)
    except ClaimNotFound:
        return render_not_found(request)
    except FlowNotOffered:
        return not_offered(request, shop, order)
    return to_step(request, draft, Step.PHOTOS)


@require_safe
@order_page
def show_claim(request: CustomerRequest, shop: Shop, order: Order, claim_id: UUID) -> HttpResponse:
    """What became of it; of a claim of another order, nothing."""
    claims = Claim.objects.of(shop).kept().filter(order_id=order.id)
    claim = claims.filter(id=claim_id).first()
    if claim is None:
        return render_not_found(request)
    photos = photos_by_claim(shop, [claim.id]).get(claim.id, [])
    [told] = told_claims(shop, order, claims=[claim])
    context = {
        "claim": claim,
        "told": told,
        "lines": claim_lines(claim),
        "photos": shown(photos),
    }
    return claims_page(request, "claim", context, shop=shop, order=order)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
