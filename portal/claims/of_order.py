"""An order's claims, as its page names them."""

from claims.models import Claim
from claims.telling import claim_title
from orders.models import Order
from portal.claims.status import claim_status
from portal.status import Status
from shops.models import Shop


def claims_of_order(shop: Shop, order: Order) -> list[tuple[Claim, str, Status]]:
    """Newest first."""
    claims = Claim.objects.of(shop).kept().filter(order=order).order_by("-created_at", "-id")
    return [(claim, claim_title(claim), claim_status(claim)) for claim in claims]
