"""Whose claims are whose: a customer is known by e-mail, or by the shop's own id of them."""

from datetime import datetime

from claims.models import Claim, ClaimQuerySet
from orders.models import Order


def customer_key(email: str, external_id: str) -> str:
    """The same for all orders of one customer; empty where nobody can tell."""
    return email.casefold() or (f"id {external_id}" if external_id else "")


def claims_of_customer(order: Order) -> ClaimQuerySet | None:
    """Those of all the customer's orders in the shop; None where nobody can tell who that is."""
    claims = Claim.objects.of(order.shop).kept().filter(order__shop=order.shop)
    if order.email_id:
        return claims.filter(order__email_id__iexact=order.email_id)
    if order.external_customer_id:
        return claims.filter(
            order__email_id="", order__external_customer_id=order.external_customer_id
        )
    return None


def earlier_claims(claim: Claim, order: Order) -> list[datetime] | None:
    """When the same customer filed claims before this one; None where nobody can tell."""
    claims = claims_of_customer(order)
    if claims is None:
        return None
    before = claims.exclude(id=claim.id).filter(created_at__lte=claim.created_at)
    return list(before.order_by("-created_at").values_list("created_at", flat=True)[:MOST_EARLIER])


MOST_EARLIER = 1_000
