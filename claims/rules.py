"""What a rule asks of a claim, and what of it does not hold: a pure function over a few facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from claims.models import ClaimRule, ClaimStatus, RuleDecision

DECIDED_AS = {
    RuleDecision.ACCEPT: ClaimStatus.ACCEPTED,
    RuleDecision.REJECT: ClaimStatus.REJECTED,
    RuleDecision.LEAVE: ClaimStatus.PENDING,
}


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """What rules know of a claim."""

    reason: str
    flow: str
    amount: Decimal | None
    currency: str
    photos: int
    earlier: Sequence[datetime] | None
    """When the customer filed claims before; None where nobody can tell who they are."""
    at: datetime


class Unmet(StrEnum):
    """A condition that does not hold."""

    REASON = "reason"
    FLOW = "flow"
    AMOUNT_UNKNOWN = "amount_unknown"
    CURRENCY = "currency"
    AMOUNT = "amount"
    CUSTOMER_UNKNOWN = "customer_unknown"
    TOO_MANY_EARLIER = "too_many_earlier"
    TOO_FEW_EARLIER = "too_few_earlier"
    PHOTO = "photo"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came of asking one rule about one claim."""

    rule: ClaimRule
    unmet: Sequence[tuple[Unmet, str]]
    """Each with what the claim has instead."""

    @property
    def holds(self) -> bool:
        return not self.unmet

    def as_json(self) -> dict[str, Any]:
        """As the history keeps it: rules are changed and deleted, what they decided is not."""
        return {
            "rule": self.rule.name,
            "decision": self.rule.decision,
            "holds": self.holds,
            "unmet": [{"condition": unmet.value, "has": has} for unmet, has in self.unmet],
        }


def ask_rule(rule: ClaimRule, facts: RuleFacts) -> Finding:
    unmet: list[tuple[Unmet, str]] = []
    if rule.reasons and facts.reason not in rule.reasons:
        unmet.append((Unmet.REASON, facts.reason))
    if rule.flows and facts.flow not in rule.flows:
        unmet.append((Unmet.FLOW, facts.flow))
    unmet += _about_amount(rule, facts)
    unmet += _about_customer(rule, facts)
    if rule.needs_photo and not facts.photos:
        unmet.append((Unmet.PHOTO, "0"))
    return Finding(rule=rule, unmet=unmet)


def _about_amount(rule: ClaimRule, facts: RuleFacts) -> list[tuple[Unmet, str]]:
    if rule.most_amount is None:
        return []
    if facts.amount is None:
        return [(Unmet.AMOUNT_UNKNOWN, "")]
    if rule.currency and rule.currency != facts.currency:
        return [(Unmet.CURRENCY, facts.currency)]
    if facts.amount > rule.most_amount:
        return [(Unmet.AMOUNT, f"{facts.amount.normalize():f} {facts.currency}")]
    return []


def _about_customer(rule: ClaimRule, facts: RuleFacts) -> list[tuple[Unmet, str]]:
    if rule.most_earlier is None and rule.least_earlier is None:
        return []
    if facts.earlier is None:
        return [(Unmet.CUSTOMER_UNKNOWN, "")]
    since = facts.at - timedelta(days=rule.earlier_days)
    count = sum(1 for at in facts.earlier if since <= at)
    if rule.most_earlier is not None and count > rule.most_earlier:
        return [(Unmet.TOO_MANY_EARLIER, str(count))]
    if rule.least_earlier is not None and count < rule.least_earlier:
        return [(Unmet.TOO_FEW_EARLIER, str(count))]
    return []
