"""Claims: what customers say is wrong with a parcel, and what becomes of it."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from orders.models import Order
from shipments.models import Shipment
from shipments.phases import Phase
from shops.tenancy import DatedShopRow, ShopQuerySet


class Reason(models.TextChoices):
    """As on the wire (the contract's section 6)."""

    PARTIAL_DAMAGE = "partial_damage", "Partial damage"
    DAMAGE = "damage", "Damage"
    INVESTIGATION = "investigation", "Investigation"
    SUPPORT = "support", "Support"
    RETURN = "return", "Return"


class ClaimStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    CLOSED = "closed", "Closed"


class Preference(models.TextChoices):
    REORDER = "reorder", "A new one"
    REFUND = "refund", "Money back"


class Flow(models.TextChoices):
    """Which way a customer took on the tracking page; empty for claims that came by the API."""

    DEFECTIVE = "defective", "Defective"
    NOT_RECEIVED = "not_received", "Not received"
    MISSING_PRODUCT = "missing_product", "Missing product"
    WRONG_PRODUCT = "wrong_product", "Wrong product"
    RETURN = "return", "Return"
    DISSATISFIED = "dissatisfied", "Dissatisfied"
    SUPPORT = "support", "Support"


class ClaimQuerySet(ShopQuerySet["Claim"]):
    def kept(self) -> Self:
        """Without those that were deleted."""
        return self.filter(deleted_at=None)


class Claim(DatedShopRow):
    """A customer's complaint about a shipment of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=16, choices=Reason.choices)
    flow = models.CharField(
        max_length=16, choices=Flow.choices, blank=True, default="", db_default=""
    )
    status = models.CharField(
        max_length=8, choices=ClaimStatus.choices, default=ClaimStatus.PENDING
    )
    resolution_preference = models.CharField(
        max_length=8, choices=Preference.choices, blank=True, default="", db_default=""
    )
    description = models.TextField(blank=True, default="", db_default="")
    selected_items = models.JSONField(
        default=list, blank=True, help_text="Lines of sku, title, quantity, net_price, image_urls."
    )
    image_urls = models.JSONField(default=list, blank=True)
    customer_signature_image_url = models.CharField(
        max_length=2000, blank=True, default="", db_default=""
    )
    dropoff_permission = models.BooleanField(null=True, blank=True)
    phase_when_filed = models.CharField(
        max_length=20, choices=Phase.choices, help_text="The parcel's, at that moment."
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ClaimStatus.PENDING) | Q(decided_at__isnull=False),
                name="claim_decided_at_when_decided",
            )
        ]
        indexes = [
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="claim_newest"),
            models.Index(
                *("shop", "status", F("created_at").desc(), F("id").desc()), name="claim_by_status"
            ),
            models.Index(fields=["shop", "order"], name="claim_of_order"),
            models.Index(fields=["shop", "shipment"], name="claim_of_shipment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.get_status_display()})"
