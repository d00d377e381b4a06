"""What a rule would have decided: asked about the claims of the last weeks, changing nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from claims.customers import customer_key
from claims.models import Claim, ClaimPhoto, ClaimRule, ClaimStatus, PhotoKind, RuleDecision
from claims.rules import DECIDED_AS, RuleFacts, ask_rule
from shops.models import Shop

DAYS = 90
MOST_CLAIMS = 5_000
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class DryRun:
    since: datetime
    asked: int
    """Claims that the rule was asked about."""
    is_cut: bool
    """There were more; these are the newest."""
    agreed: int = 0
    """Decided by the rule as people had decided."""
    contradicted: int = 0
    spared: int = 0
    """Nobody has decided these yet."""
    samples: list[Claim] = field(default_factory=list)

    @property
    def decided(self) -> int:
        return self.agreed + self.contradicted + self.spared


def dry_run(rule: ClaimRule, shop: Shop, *, at: datetime) -> DryRun:
    """The rule alone, as if it were the first; claims of test parcels are left out."""
    since = at - timedelta(days=DAYS)
    rows = Claim.objects.of(shop).kept().real().filter(created_at__gte=since, created_at__lte=at)
    claims = list(rows.with_order().order_by("-created_at", "-id")[: MOST_CLAIMS + 1])
    is_cut = len(claims) > MOST_CLAIMS
    claims = claims[:MOST_CLAIMS]
    held = [claim for claim, facts in _facts(shop, claims, rule) if ask_rule(rule, facts).holds]
    wanted = DECIDED_AS[RuleDecision(rule.decision)]
    open_, agreed = ClaimStatus.PENDING, wanted
    return DryRun(
        since=since,
        asked=len(claims),
        is_cut=is_cut,
        agreed=sum(claim.status == agreed != open_ for claim in held),
        contradicted=sum(claim.status not in (agreed, open_) for claim in held),
        spared=sum(claim.status == open_ for claim in held),
        samples=held[:SHOWN],
    )


def _facts(shop: Shop, claims: list[Claim], rule: ClaimRule) -> Iterator[tuple[Claim, RuleFacts]]:
    if not claims:
        return
    photos = ClaimPhoto.objects.of(shop).filter(
        claim_id__in=[claim.id for claim in claims], kind=PhotoKind.PHOTO
    )
    counts = dict(photos.order_by().values_list("claim_id").annotate(count=Count("id")))
    times = _times_by_customer(shop, since=claims[-1].created_at - _reach(rule))
    for claim in claims:
        order = claim.order
        key = customer_key(order.email_id, order.external_customer_id)
        earlier = [
            at for at, claim_id in times[key] if (at, claim_id) < (claim.created_at, claim.id)
        ]
        yield (
            claim,
            RuleFacts(
                reason=claim.reason,
                flow=claim.flow,
                amount=claim.amount,
                currency=order.currency,
                photos=counts.get(claim.id, 0) + len(claim.image_urls),
                earlier=earlier if key else None,
                at=claim.created_at,
            ),
        )


def _times_by_customer(shop: Shop, *, since: datetime) -> dict[str, list[tuple[datetime, UUID]]]:
    rows = Claim.objects.of(shop).kept().filter(order__shop=shop, created_at__gte=since)
    columns = ("order__email_id", "order__external_customer_id", "created_at", "id")
    times: dict[str, list[tuple[datetime, UUID]]] = defaultdict(list)
    for email, external_id, at, claim_id in rows.values_list(*columns):
        times[customer_key(email, external_id)].append((at, claim_id))
    return times


def _reach(rule: ClaimRule) -> timedelta:
    return timedelta(days=rule.earlier_days)
