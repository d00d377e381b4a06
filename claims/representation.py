"""Claims as clients read them (the contract's section 6): as many queries for one as for many."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, F, Min, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from claims.models import Claim, ClaimPhoto
from claims.photo_links import image_urls, signature_url
from claims.selectors import photos_by_claim
from common.rows import Row
from orders.models import Order, OrderLine
from shipments.models import Effect, Scan, Shipment, ShipmentLine
from shipments.representation import ADDRESS_FIELDS
from shops.models import Shop

GRAMS = Decimal(1000)


def represent_claims(shop: Shop, claim_ids: Sequence[UUID]) -> list[Row]:
    """The shop's claims with these ids, in their order."""
    rows = Claim.objects.of(shop).filter(id__in=claim_ids) if claim_ids else ()
    found = {claim.id: claim for claim in rows}
    return _represent(shop, [found[claim_id] for claim_id in claim_ids if claim_id in found])


def represent_claims_of_orders(shop: Shop, order_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """Those that were not deleted, oldest first, by order."""
    rows = Claim.objects.of(shop).kept().filter(order_id__in=order_ids)
    claims = list(rows.order_by("created_at", "id"))
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    for claim, represented in zip(claims, _represent(shop, claims), strict=True):
        grouped[claim.order_id].append(represented)
    return grouped


def _represent(shop: Shop, claims: Sequence[Claim]) -> list[Row]:
    if not claims:
        return []
    beside = _Beside(shop, claims)
    return [_row(shop, claim, beside) for claim in claims]


def _row(shop: Shop, claim: Claim, beside: "_Beside") -> Row:
    order = beside.orders[claim.order_id]
    shipment = beside.shipments.get(claim.shipment_id)
    photos: Sequence[ClaimPhoto] = beside.photos.get(claim.id, ())
    return {
        "uuid": claim.id,
        "order_id": claim.order_id,
        "order_number": order.order_number,
        "shipment_id": claim.shipment_id,
        "reason": claim.reason,
        "status": claim.status,
        "resolution_preference": claim.resolution_preference or None,
        "description": claim.description or None,
        "customer_signature_image_url": signature_url(claim, photos),
        "selected_items": claim.selected_items,
        "image_urls": image_urls(claim, photos),
        "dropoff_permission": claim.dropoff_permission,
        "address": {name: order.address.get(name) for name in ADDRESS_FIELDS},
        "net_invoice_amount": float(beside.prices.get(claim.order_id) or 0),
        "tracking_number": shipment.tracking_number if shipment else None,
        "carrier_reference": (shipment.carrier_reference or None) if shipment else None,
        "scan_date": beside.first_scans.get(claim.shipment_id),
        "weight_kg": float(beside.weight_of(shipment) / GRAMS),
        "shop_slug": shop.slug,
        "created_at": claim.created_at,
        "updated_at": claim.updated_at,
        "deleted_at": claim.deleted_at,
    }


class _Beside:
    """What claims' orders and parcels say."""

    def __init__(self, shop: Shop, claims: Sequence[Claim]) -> None:
        orders = {claim.order_id for claim in claims}
        parcels = {claim.shipment_id for claim in claims if claim.shipment_id}
        self.orders = {
            order.id: order
            for order in Order.objects.of(shop)
            .filter(id__in=orders)
            .only("order_number", "address", "weight", "expected_number_of_shipments")
        }
        self.shipments: dict[UUID | None, Shipment] = {
            shipment.id: shipment for shipment in Shipment.objects.of(shop).filter(id__in=parcels)
        }
        lines = OrderLine.objects.of(shop).filter(order_id__in=orders)
        self.prices = _totals(lines, "order_id", F("quantity") * F("price"))
        self._order_weights = _totals(lines, "order_id", F("quantity") * F("weight"))
        own = ShipmentLine.objects.of(shop).filter(shipment_id__in=parcels)
        self._own_weights = _totals(own, "shipment_id", F("quantity") * F("weight"))
        scans = Scan.objects.of(shop).filter(shipment_id__in=parcels)
        self.first_scans: dict[UUID | None, Any] = dict(
            scans.exclude(effect=Effect.DUPLICATE)
            .order_by()
            .values_list("shipment_id")
            .annotate(at=Min("event_time"))
        )
        self.photos = photos_by_claim(shop, [claim.id for claim in claims])

    def weight_of(self, shipment: Shipment | None) -> Decimal:
        """In grams: of what is in it, or of the whole order where it is its one parcel."""
        if shipment is None:
            return Decimal(0)
        order = self.orders[shipment.order_id]
        if shipment.has_own_lines:
            held = self._own_weights.get(shipment.id)
        else:
            held = self._order_weights.get(shipment.order_id)
        is_only_one = order.expected_number_of_shipments == 1
        return held or (order.weight if is_only_one else None) or Decimal(0)


def _totals(rows: QuerySet[Any], holder: str, each: Combinable) -> dict[UUID, Decimal]:
    total = Sum(each, output_field=DecimalField(max_digits=24, decimal_places=4))
    grouped = rows.order_by().values_list(holder).annotate(total=Coalesce(total, Decimal(0)))
    return dict(grouped)
