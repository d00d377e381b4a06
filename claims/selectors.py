"""Reads across claims and their photos; each stays inside one shop."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from claims.errors import ClaimNotFound
from claims.models import Claim, ClaimPhoto
from shops.models import Shop


def find_claim(shop: Shop, claim_id: UUID | str) -> Claim:
    """A deleted one, or another shop's, is as missing as none at all."""
    try:
        found = Claim.objects.of(shop).kept().filter(id=UUID(str(claim_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise ClaimNotFound(f"There is no claim {claim_id} in this shop.")
    found.shop = shop
    return found


def photos_by_claim(shop: Shop, claim_ids: Collection[UUID]) -> dict[UUID, list[ClaimPhoto]]:
    grouped: dict[UUID, list[ClaimPhoto]] = defaultdict(list)
    for photo in ClaimPhoto.objects.of(shop).filter(claim_id__in=claim_ids).order_by("id"):
        if photo.claim_id is not None:
            grouped[photo.claim_id].append(photo)
    return grouped
