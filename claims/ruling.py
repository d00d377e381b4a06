"""Letting a shop's rules decide a claim that was just filed, and writing down why."""

from collections.abc import Sequence

from claims.customers import earlier_claims
from claims.history import enter
from claims.models import (
    Claim,
    ClaimPhoto,
    ClaimRule,
    ClaimStatus,
    EntryKind,
    PhotoKind,
    RuleDecision,
)
from claims.rules import DECIDED_AS, Finding, RuleFacts, ask_rule
from claims.services import update_claim
from orders.models import Order

RULES = "rules"
"""Who acts, in the history and in the event log's place for people."""


def apply_rules(claim: Claim, *, photos: Sequence[ClaimPhoto]) -> Claim:
    """In the caller's transaction. The first rule whose conditions hold decides; none is fine."""
    rules = list(ClaimRule.objects.of(claim.shop).filter(is_active=True))
    if not rules:
        return claim
    facts = _facts(claim, photos)
    findings: list[Finding] = []
    for rule in rules:
        findings.append(ask_rule(rule, facts))
        if findings[-1].holds:
            break
    deciding = findings[-1].rule if findings[-1].holds else None
    enter(
        claim,
        EntryKind.RULED,
        text=deciding.name if deciding else "",
        details={
            "decision": deciding.decision if deciding else "",
            "findings": [finding.as_json() for finding in findings],
        },
        actor=RULES,
    )
    status = DECIDED_AS[RuleDecision(deciding.decision)] if deciding else ClaimStatus.PENDING
    if deciding is None or status == ClaimStatus.PENDING:
        return claim
    return update_claim(
        claim,
        status=status,
        answer=deciding.answer,
        actor=RULES,
        why={"rule": deciding.name},
    ).claim


def _facts(claim: Claim, photos: Sequence[ClaimPhoto]) -> RuleFacts:
    order = Order.objects.of(claim.shop).get(id=claim.order_id)
    order.shop = claim.shop
    return RuleFacts(
        reason=claim.reason,
        flow=claim.flow,
        amount=claim.amount,
        currency=order.currency,
        photos=sum(photo.kind == PhotoKind.PHOTO for photo in photos) + len(claim.image_urls),
        earlier=earlier_claims(claim, order),
        at=claim.created_at,
    )
