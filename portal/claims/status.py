"""A claim's state in the status language (docs/design.md)."""

from claims.models import Claim, ClaimStatus
from portal.status import Status, Tone

CLAIM_TONES: dict[ClaimStatus, Tone] = {
    ClaimStatus.PENDING: Tone.ATTENTION,
    ClaimStatus.ACCEPTED: Tone.DELIVERED,
    ClaimStatus.REJECTED: Tone.FAILED,
    ClaimStatus.CLOSED: Tone.RETURNED,
}


def claim_status(claim: Claim) -> Status:
    known = ClaimStatus(claim.status)
    since = claim.created_at if known is ClaimStatus.PENDING else claim.decided_at
    return Status(tone=CLAIM_TONES[known], word=str(known.label), since=since)
