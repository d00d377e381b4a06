"""/v1/shops/{slug}/claims: searching, filing, deciding and deleting (the contract's section 6)."""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.description import describe_claim, describe_claims
from claims.api.filters import ClaimFilters
from claims.filing import Filing, file_claim, find_shipment
from claims.inputs import ClaimInput, ClaimUpdate, SelectedItemInput
from claims.models import Claim, ClaimStatus
from claims.representation import represent_claims
from claims.selectors import find_claim
from claims.services import delete_claim, update_claim
from common.api.answers import answer_read
from common.api.bodies import about_the_body, read_body
from common.api.paging import next_link, take_page
from common.api.preferences import Preferences
from common.api.queries import filtered
from intake.idempotency import Answer
from orders.api.once import respond_once
from shops.api.views import ShopView
from shops.models import Shop


@describe_claims
class ClaimsView(ShopView):
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Search, newest first: a bare array; `Link` leads to the next page."""
        claims, asked = filtered(ClaimFilters, request.GET, Claim.objects.of(self.shop).kept())
        found = claims.values_list("id", "created_at", named=True)
        page, cursor = take_page(found, asked, by="created_at")
        headers = {"Link": next_link(request, cursor)} if cursor else {}
        represented = represent_claims(self.shop, [claim.id for claim in page])
        return answer_read(request, represented, headers)

    def post(self, request: Request, slug: str) -> Response:
        """File a claim, unless the very same one is pending already; answers the claim."""
        said = read_body(ClaimInput, request.data)
        return respond_once(request, self.shop, lambda: self._filed(request, said))

    def _filed(self, request: Request, said: ClaimInput) -> Answer:
        with about_the_body():
            shipment = find_shipment(
                self.shop, shipment_id=said.shipment_id, tracking_number=said.tracking_number
            )
            filed = file_claim(self.shop, shipment, filing_of(said))
        outcome = "created" if filed.is_new else "unchanged"
        return _answer(request, self.shop, filed.claim, outcome)


@describe_claim
class ClaimView(ShopView):
    def get(self, request: Request, slug: str, claim_id: str) -> HttpResponseBase:
        """One claim."""
        claim = find_claim(self.shop, claim_id)
        [represented] = represent_claims(self.shop, [claim.id])
        return answer_read(request, represented)

    def put(self, request: Request, slug: str, claim_id: str) -> Response:
        """Decide it, take a decision back, or change the preference; answers the claim."""
        claim = find_claim(self.shop, claim_id)
        said = read_body(ClaimUpdate, request.data)
        changed = update_claim(
            claim, status=said.status, resolution_preference=said.resolution_preference
        )
        outcome = "updated" if changed.is_changed else "unchanged"
        answer = _answer(request, self.shop, changed.claim, outcome)
        return Response(answer.content, headers=answer.headers)

    def delete(self, request: Request, slug: str, claim_id: str) -> Response:
        """Delete it: it is neither found nor counted any more."""
        delete_claim(find_claim(self.shop, claim_id))
        return Response(status=204)


def filing_of(said: ClaimInput) -> Filing:
    return Filing(
        reason=said.reason,
        resolution_preference=said.resolution_preference or "",
        status=said.status or ClaimStatus.PENDING,
        description=said.description or "",
        customer_signature_image_url=said.customer_signature_image_url or "",
        selected_items=[_item(item) for item in said.selected_items or ()],
        image_urls=said.image_urls or (),
        dropoff_permission=said.dropoff_permission,
    )


def _item(item: SelectedItemInput) -> dict[str, Any]:
    return {**item.model_dump(mode="json"), "image_urls": item.image_urls or []}


def _answer(request: Request, shop: Shop, claim: Claim, outcome: str) -> Answer:
    headers = {"Karla-Outcome": outcome, **Preferences.of(request).applied(lenient=False)}
    [represented] = represent_claims(shop, [claim.id])
    return Answer(content=represented, headers=headers)
