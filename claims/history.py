"""A claim's history: what happened to it, by whom, and why."""

from typing import Any

from claims.models import Claim, ClaimEntry, EntryKind
from common.trace import current_trace

CUSTOMER = "customer"
"""Who acts where a customer does, on the page of their order."""


def enter(
    claim: Claim,
    kind: EntryKind,
    *,
    text: str = "",
    details: dict[str, Any] | None = None,
    actor: str | None = None,
) -> ClaimEntry:
    """Write it down in the caller's transaction; whoever acts now did it, unless said otherwise."""
    return ClaimEntry.objects.create(
        shop_id=claim.shop_id,
        claim=claim,
        kind=kind,
        actor=current_trace().actor if actor is None else actor,
        text=text,
        details=details or {},
    )
