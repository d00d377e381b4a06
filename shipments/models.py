"""Shipments: expected parcels (drafts) and those with a tracking number (fulfilled)."""

from typing import Self

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from orders.models import Order, ProductRow
from shipments.carriers import CARRIERS
from shipments.phases import COARSE_STATES, CoarseState, Direction, Flag, Phase
from shops.tenancy import DatedShopRow, ShopQuerySet


class ShipmentQuerySet(ShopQuerySet["Shipment"]):
    def drafts(self) -> Self:
        return self.filter(tracking_number=None)

    def fulfilled(self) -> Self:
        return self.exclude(tracking_number=None)


class Shipment(DatedShopRow):
    """One parcel of an order. A draft has no tracking number; attaching one fulfils it."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="shipments", db_index=False
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Its place in the order, from 0."
    )
    tracking_number = models.CharField(max_length=255, null=True, blank=True)
    tracking_company = models.CharField(max_length=255, blank=True, default="", db_default="")
    tracking_url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    tracking_placed_at = models.DateTimeField(null=True, blank=True)
    external_shipment_id = models.CharField(max_length=255, blank=True, default="", db_default="")

    carrier_reference = models.CharField(
        "carrier",
        max_length=32,
        blank=True,
        db_default="",
        choices=[(carrier.reference, carrier.name) for carrier in CARRIERS.values()],
    )
    is_carrier_corrected = models.BooleanField(
        db_default=False,
        default=False,
        help_text="A person chose the carrier; what shops send no longer changes it.",
    )

    phase = models.CharField(
        max_length=20, choices=Phase.choices, default=Phase.ORDER_CREATED, editable=False
    )
    direction = models.CharField(
        max_length=20,
        choices=Direction.choices,
        default=Direction.MERCHANT_CUSTOMER,
        db_default=Direction.MERCHANT_CUSTOMER,
    )
    flag = models.CharField(
        max_length=8, choices=Flag.choices, default=Flag.NORMAL, db_default=Flag.NORMAL
    )
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    has_own_lines = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Off: the parcel holds all lines of its order. On: just its own, even if none.",
    )

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "order", "tracking_number"], name="tracking_once_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(tracking_number=""), name="tracking_number_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(
                    tracking_number=None, phase=Phase.ORDER_CREATED, tracking_placed_at=None
                )
                | (
                    Q(tracking_number__isnull=False, tracking_placed_at__isnull=False)
                    & ~Q(phase=Phase.ORDER_CREATED)
                ),
                name="shipment_draft_or_fulfilled",
            ),
        ]
        indexes = [
            models.Index(
                "shop",
                OpClass("tracking_number", name="varchar_pattern_ops"),  # also by how it starts
                name="shipment_by_tracking",
            ),
            models.Index("shop", F("updated_at").desc(), name="shipment_by_update"),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"Expected parcel {self.position + 1}"

    @property
    def is_draft(self) -> bool:
        return self.tracking_number is None

    @property
    def coarse_state(self) -> CoarseState:
        return COARSE_STATES[Phase(self.phase)]

    @property
    def carrier_url(self) -> str:
        """Where the carrier shows this parcel: as the shop said, else by the carrier's template."""
        carrier = CARRIERS.get(self.carrier_reference)
        if self.tracking_url or carrier is None or self.tracking_number is None:
            return self.tracking_url
        return carrier.tracking_url(self.tracking_number)


class ShipmentLine(ProductRow):
    """What a shipment with own lines holds."""

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="lines", db_index=False
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["shop", "shipment"], name="line_of_shipment")]
