"""One question of a claim: shown, answered, refused without losing anything."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from claims.answers import Answers
from claims.drafts import MOST_PHOTOS, add_photo, answer_step, answers_of, file_draft
from claims.errors import PhotoRefused
from claims.flows import Need, Offer, Step
from claims.history import CUSTOMER
from claims.models import ClaimDraft, PhotoKind
from claims.signatures import drawn_signature, typed_signature
from common.request_body import MOST_UPLOADED
from common.trace import name_actor
from engagement.page_cache import forget_pages
from orders.models import Order
from shops.models import Shop
from tracking.access import CustomerRequest
from tracking.claims_forms import FORMS, Asked, StepForm
from tracking.claims_pages import claims_page, step_url, to_claim, to_step
from tracking.claims_summary import shown, summarize_draft
from tracking.claims_uploads import Refused, is_too_large, keep_photos, receive


class StepPage:
    """One question, shown or answered."""

    def __init__(
        self, request: CustomerRequest, shop: Shop, order: Order, asked: Asked, step: Step
    ) -> None:
        self.request, self.shop, self.order = request, shop, order
        self.asked, self.step = asked, step
        self.answers: Answers = asked.answers
        self.draft = asked.answers.draft

    def show(
        self,
        form: StepForm | None = None,
        *,
        refused: list[Refused] | None = None,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        before = self.answers.before(self.step)
        context: dict[str, Any] = {
            "form": form or FORMS[self.step](self.asked),
            "step": self.step.value,
            "steps": {one.name: one.value for one in Step},
            "draft": self.draft,
            "plan": self.answers.plan,
            "number": self.answers.steps.index(self.step) + 1,
            "total": len(self.answers.steps),
            "back": step_url(self.request, self.draft, before) if before else "",
            "refused": refused or [],
            "problem": problem,
            "photos": shown(self.answers.pictures),
            "most_photos": MOST_PHOTOS,
        }
        if self.step == Step.CHECK:
            context["lines"] = summarize_draft(self.answers, self.asked.offer, self.asked.lines)
        return claims_page(
            self.request,
            "step",
            context,
            shop=self.shop,
            order=self.order,
            status=status,
            scripts=self.step == Step.SIGNATURE,
        )

    def answer(self) -> HttpResponse:
        if self.step == Step.PHOTOS:
            return self._answer_photos()
        form = FORMS[self.step](self.asked, self.request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        if self.step == Step.CHECK:
            name_actor(CUSTOMER)
            claim = file_draft(self.draft)
            forget_pages(self.shop.id, self.order.id)
            return to_claim(self.request, claim.id)
        if self.step == Step.SIGNATURE and (problem := self._sign(form)):
            return self.show(form, problem=problem, status=422)
        return self._keep(form.answer)

    def _answer_photos(self) -> HttpResponse:
        if is_too_large(self.request):
            most = MOST_UPLOADED // 1024**2
            problem = _("That is more than %d MB at once. Send fewer or smaller photos.") % most
            return self.show(problem=problem, status=413)
        files = receive(self.request)
        refused = keep_photos(self.answers, files)
        self.answers = answers_within(self.draft, self.asked.offer)
        is_going_on = "continue" in self.request.POST
        if refused:
            return self.show(refused=refused, status=422)
        if not is_going_on:
            return to_step(self.request, self.draft, Step.PHOTOS)
        if not self.answers.pictures and self.answers.plan.photos == Need.REQUIRED:
            return self.show(problem=_("Add at least one photo."), status=422)
        return self._keep(True)

    def _sign(self, form: StepForm) -> str:
        """Keeps the signature as a picture; answers what is wrong with it, if anything."""
        drawing = form.cleaned_data["drawing"]
        try:
            name = form.cleaned_data["answer"]
            picture = drawn_signature(drawing) if drawing else typed_signature(name)
            add_photo(self.draft, picture, kind=PhotoKind.SIGNATURE)
        except PhotoRefused as refusal:
            return refusal.message
        return ""

    def _keep(self, said: Any) -> HttpResponse:
        draft = answer_step(self.draft, self.step, said)
        return to_step(self.request, draft, answers_within(draft, self.asked.offer).next_step)


def answers_within(draft: ClaimDraft, offer: Offer) -> Answers:
    return answers_of(draft, several_parcels=len(offer.shipments) > 1)
