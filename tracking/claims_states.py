"""What became of an order's claims, in a sentence for the customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimStatus
from claims.telling import claim_title
from orders.models import Order
from shops.models import Shop
from tracking.telling.times import moment_words


@dataclass(frozen=True, kw_only=True)
class ToldClaim:
    claim: Claim
    title: str
    word: str
    sentence: str
    sent: str
    """When."""
    tone: str
    """As the tones of states (docs/design.md)."""


def told_claims(
    shop: Shop, order: Order, *, claims: Sequence[Claim] | None = None
) -> list[ToldClaim]:
    """All of the order's that were not deleted, newest first, or those that are given."""
    if claims is None:
        found = Claim.objects.of(shop).kept().filter(order_id=order.id)
        claims = list(found.order_by("-created_at", "-id"))
    return [_told(shop, claim) for claim in claims]


def _told(shop: Shop, claim: Claim) -> ToldClaim:
    status = ClaimStatus(claim.status)
    said = {"shop": shop.name}
    words = {
        ClaimStatus.PENDING: (
            _("Sent to the shop"),
            _("%(shop)s will look at it and answer you."),
            "moving",
        ),
        ClaimStatus.ACCEPTED: (_("Accepted"), _("%(shop)s has accepted it."), "delivered"),
        ClaimStatus.REJECTED: (_("Not accepted"), _("%(shop)s has not accepted it."), "failed"),
        ClaimStatus.CLOSED: (_("Closed"), _("%(shop)s has closed it."), "returned"),
    }
    word, sentence, tone = words[status]
    title = claim_title(claim)
    return ToldClaim(
        claim=claim,
        title=title,
        word=word,
        sentence=sentence % said,
        sent=moment_words(claim.created_at, now=timezone.now()),
        tone=tone,
    )
