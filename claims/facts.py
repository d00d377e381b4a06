"""What the event log says of a claim (the contract's section 5, **claims/…**)."""

from collections.abc import Sequence

from claims.models import Claim, ClaimPhoto
from claims.photo_links import image_urls, signature_url
from events.models import Source
from events.services import Fact

GROUPS = {"created": "claim_created", "updated": "claim_updated"}


def claim_fact(claim: Claim, happened: str, *, photos: Sequence[ClaimPhoto]) -> Fact:
    """`happened` is one of GROUPS; `photos` are all of the claim's."""
    return Fact(
        source=Source.CLAIMS,
        ref=f"claims/{happened}",
        event_group=GROUPS[happened],
        event_data={
            "claim_id": claim.id,
            "event_name": happened,
            "event_group": GROUPS[happened],
            "created_at": claim.created_at,
            "updated_at": claim.updated_at,
            "resolution_preference": claim.resolution_preference or None,
            "reason": claim.reason,
            "status": claim.status,
            "description": claim.description or None,
            "customer_signature_image_url": signature_url(claim, photos),
            "selected_items": claim.selected_items,
            "image_urls": image_urls(claim, photos),
            "optional_image_urls": image_urls(claim, photos, only_optional=True),
        },
        order_id=claim.order_id,
        shipment_id=claim.shipment_id,
    )
