"""Filing a claim: about a shipment of the shop's, by a program or by a customer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims.errors import ShipmentReferenceAmbiguous
from claims.facts import claim_fact
from claims.history import enter
from claims.models import Claim, ClaimPhoto, ClaimStatus, EntryKind, Reason
from claims.ruling import apply_rules
from common.errors import Fault, Invalid
from events.services import record
from orders.lookup import lock_order
from orders.models import OrderLine
from shipments.errors import ShipmentNotFound
from shipments.models import Shipment, ShipmentLine
from shops.models import Shop


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What is said of a claim; the same again, while it is pending, is the same claim."""

    reason: Reason
    resolution_preference: str = ""
    description: str = ""
    customer_signature_image_url: str = ""
    selected_items: Sequence[dict[str, Any]] = ()
    image_urls: Sequence[str] = ()
    dropoff_permission: bool | None = None
    flow: str = ""
    issue: str = ""
    signed_by: str = ""
    status: ClaimStatus = ClaimStatus.PENDING
    photo_ids: Sequence[UUID] = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class Filed:
    claim: Claim
    is_new: bool


def find_shipment(shop: Shop, *, shipment_id: UUID | None, tracking_number: str | None) -> Shipment:
    """By its id, its tracking number, or both. Raises `ShipmentNotFound`, `Invalid` where the two
    disagree, `ShipmentReferenceAmbiguous` where several orders have the number.
    """
    shipments = Shipment.objects.of(shop)
    if shipment_id is not None:
        found = shipments.filter(id=shipment_id).first()
        if found is None:
            raise ShipmentNotFound(f"There is no shipment {shipment_id} in this shop.")
        if tracking_number is not None and found.tracking_number != tracking_number:
            message = "is not that of the shipment with this shipment_id"
            fault = Fault(loc=("tracking_number",), msg=message, type="reference_mismatch")
            raise Invalid(f"tracking_number {message}.", [fault])
        return found
    several = list(shipments.filter(tracking_number=tracking_number)[:2])
    if not several:
        raise ShipmentNotFound(f"No shipment in this shop has the number {tracking_number}.")
    if len(several) > 1:
        raise ShipmentReferenceAmbiguous(
            f"Several shipments have the number {tracking_number}; name one by its shipment_id."
        )
    return several[0]


@transaction.atomic
def file_claim(shop: Shop, shipment: Shipment, filing: Filing) -> Filed:
    """Write it down, tell of it, and let the shop's rules decide.

    Holds the order's lock: the parcel cannot go away meanwhile, and of two that file the same at
    once, the second finds the first one's claim.
    """
    order = lock_order(shop, shipment.order_id)
    shipment = Shipment.objects.of(shop).filter(id=shipment.id).first() or _gone(shipment)
    if (same := _same_pending(shop, shipment, filing)) is not None:
        return Filed(claim=same, is_new=False)
    now = timezone.now()
    claim = Claim.objects.create(
        shop=shop,
        order=order,
        shipment=shipment,
        **_said(filing),
        status=filing.status,
        decided_at=None if filing.status == ClaimStatus.PENDING else now,
        amount=_amount(shop, shipment, filing),
        phase_when_filed=shipment.phase,
        is_test=order.is_test or shipment.is_test,
        created_at=now,
        updated_at=now,
    )
    photos = ClaimPhoto.objects.of(shop).filter(id__in=filing.photo_ids)
    photos.update(claim=claim)
    kept = list(photos.order_by("id"))
    enter(claim, EntryKind.FILED)
    record(shop, [claim_fact(claim, "created", photos=kept)])
    if claim.is_pending:
        claim = apply_rules(claim, photos=kept)
    return Filed(claim=claim, is_new=True)


_IDENTITY = (
    "reason",
    "resolution_preference",
    "description",
    "customer_signature_image_url",
    "dropoff_permission",
    "flow",
    "issue",
    "signed_by",
)


def _said(filing: Filing) -> dict[str, Any]:
    return {
        **{name: getattr(filing, name) for name in _IDENTITY},
        "selected_items": list(filing.selected_items),
        "image_urls": list(filing.image_urls),
    }


def _same_pending(shop: Shop, shipment: Shipment, filing: Filing) -> Claim | None:
    if filing.photo_ids or filing.status != ClaimStatus.PENDING:
        return None
    said = _said(filing)
    rows = Claim.objects.of(shop).kept().filter(shipment_id=shipment.id)
    pending = rows.filter(status=ClaimStatus.PENDING).order_by("created_at", "id")
    return next(
        (one for one in pending if all(getattr(one, name) == said[name] for name in said)), None
    )


def _amount(shop: Shop, shipment: Shipment, filing: Filing) -> Decimal | None:
    """What is claimed for, as far as prices are known: the items named, or all in the parcel."""
    items = filing.selected_items
    if items:
        prices = [(item["quantity"], item.get("net_price")) for item in items]
    elif shipment.has_own_lines:
        own = ShipmentLine.objects.of(shop).filter(shipment_id=shipment.id)
        prices = list(own.values_list("quantity", "price"))
    else:
        lines = OrderLine.objects.of(shop).filter(order_id=shipment.order_id)
        prices = list(lines.values_list("quantity", "price"))
    if not prices or any(price is None for _, price in prices):
        return None
    total = sum((Decimal(quantity) * Decimal(str(price)) for quantity, price in prices), Decimal(0))
    return min(total, MOST_AMOUNT)


MOST_AMOUNT = Decimal(10) ** 14 - 1
"""What the column holds; quantities and prices are bounded each by itself."""


def _gone(shipment: Shipment) -> Shipment:
    raise ShipmentNotFound(f"There is no shipment {shipment.id} in this shop any more.")
