"""Rating a parcel: once it was delivered, and as often as its customer changes their mind."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from engagement.errors import NotDelivered
from engagement.models import BEST, WORST, Rating
from shipments.models import Shipment
from shops.models import Shop

MOST_COMMENT = 2_000
"""Characters."""


@transaction.atomic
def rate_shipment(shipment: Shipment, *, score: int, comment: str) -> Rating:
    """`score` from 1 to 5. The newer rating takes the older one's place.

    Raises `NotDelivered`.
    """
    if not WORST <= score <= BEST:
        raise ValueError(f"{score} is no rating from {WORST} to {BEST}")
    if not is_ratable(shipment):
        raise NotDelivered("A parcel can be rated once it was delivered.")
    rating, _ = Rating.objects.update_or_create(
        shop_id=shipment.shop_id,
        shipment=shipment,
        defaults={
            "order_id": shipment.order_id,
            "score": score,
            "comment": comment[:MOST_COMMENT].replace("\0", ""),
            "updated_at": timezone.now(),
        },
    )
    return rating


def is_ratable(shipment: Shipment) -> bool:
    """Delivered; also when the customer sends it back afterwards."""
    return shipment.delivered_at is not None


def ratings_by_shipment(shop: Shop, order_ids: Collection[UUID]) -> dict[UUID, Rating]:
    rows = Rating.objects.of(shop).filter(order_id__in=order_ids)
    return {rating.shipment_id: rating for rating in rows}
