"""What people do with a claim: decide, answer, note, assign."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.models import Claim, ClaimStatus
from claims.services import answer_claim, assign_claim, note_on_claim, update_claim
from common.errors import DomainError
from portal.access import ShopRequest, shop_page
from portal.claims.page import show_claim, the_claim
from shops.models import Membership, Role, Shop, User

LONGEST = 10_000


class TextForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST, error_messages={"required": gettext_lazy("Write something first.")}
    )


class DecisionForm(forms.Form):
    status = forms.ChoiceField(choices=ClaimStatus.choices)
    answer = forms.CharField(max_length=LONGEST, required=False)


@require_POST
@shop_page(Role.EDITOR)
def decide_claim(request: ShopRequest, shop: Shop, claim_id: UUID) -> HttpResponse:
    claim = the_claim(shop, claim_id)
    form = DecisionForm(request.POST)
    typed = {"answer": request.POST.get("answer", "")}
    if not form.is_valid():
        return show_claim(request, shop, claim, typed=typed, problem=_first(form), status=422)
    status = ClaimStatus(form.cleaned_data["status"])
    try:
        changed = update_claim(claim, status=status, answer=form.cleaned_data["answer"])
    except DomainError as refusal:
        return show_claim(
            request,
            shop,
            the_claim(shop, claim_id),
            typed=typed,
            problem=refusal.message,
            status=409,
        )
    if not changed.is_changed and form.cleaned_data["answer"]:
        problem = _("It was so already; your answer was not sent.")
        return show_claim(request, shop, changed.claim, typed=typed, problem=problem, status=409)
    messages.success(request, DONE[status])
    return _back(shop, claim)


@require_POST
@shop_page(Role.EDITOR)
def mail_customer(request: ShopRequest, shop: Shop, claim_id: UUID) -> HttpResponse:
    claim, form = the_claim(shop, claim_id), TextForm(request.POST)
    typed = {"mail": request.POST.get("text", "")}
    if not form.is_valid():
        return show_claim(request, shop, claim, typed=typed, problem=_first(form), status=422)
    try:
        answer_claim(claim, form.cleaned_data["text"])
    except DomainError as refusal:
        return show_claim(request, shop, claim, typed=typed, problem=refusal.message, status=409)
    messages.success(request, _("The e-mail is on its way."))
    return _back(shop, claim)


@require_POST
@shop_page(Role.EDITOR)
def add_claim_note(request: ShopRequest, shop: Shop, claim_id: UUID) -> HttpResponse:
    claim, form = the_claim(shop, claim_id), TextForm(request.POST)
    if not form.is_valid():
        typed = {"note": request.POST.get("text", "")}
        return show_claim(request, shop, claim, typed=typed, problem=_first(form), status=422)
    note_on_claim(claim, form.cleaned_data["text"])
    return _back(shop, claim)


@require_POST
@shop_page(Role.EDITOR)
def assign_claim_to(request: ShopRequest, shop: Shop, claim_id: UUID) -> HttpResponse:
    """To a member who may act; empty is nobody."""
    claim = the_claim(shop, claim_id)
    said = request.POST.get("assignee", "")
    person = _member(shop, said) if said else None
    if said and person is None:
        messages.error(request, _("This person is not a member of the shop who could act."))
    else:
        assign_claim(claim, person)
    return _back(shop, claim)


def _member(shop: Shop, said: str) -> User | None:
    try:
        user_id = UUID(said)
    except ValueError:
        return None
    members = Membership.objects.filter(shop=shop, role__in=(Role.EDITOR, Role.ADMIN))
    member = members.filter(user_id=user_id).select_related("user").first()
    return member.user if member else None


def _back(shop: Shop, claim: Claim) -> HttpResponse:
    return redirect("portal:claim", slug=shop.slug, claim_id=claim.id)


def _first(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


DONE = {
    ClaimStatus.ACCEPTED: gettext_lazy("The claim is accepted."),
    ClaimStatus.REJECTED: gettext_lazy("The claim is rejected."),
    ClaimStatus.CLOSED: gettext_lazy("The claim is closed."),
    ClaimStatus.PENDING: gettext_lazy("The claim is open again."),
}
