"""Shipments: expected parcels (drafts) and those with a tracking number (fulfilled)."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Now, Upper
from django.utils.translation import gettext_lazy as _

from orders.models import Order, ProductRow
from shipments.arrival.calendars import DeliveryCalendar, calendar
from shipments.carriers import CARRIERS, carrier_url
from shipments.phases import COARSE_STATES, ON_THEIR_WAY, CoarseState, Direction, Flag, Phase
from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow

UNSCANNED_AFTER = 2
"""Business days after which a parcel that nobody has scanned needs a look."""
STALLED_AFTER = 3
"""Business days without a scan after which a parcel on its way needs one."""
ON_THEIR_WAY_NOW = Q(phase__in=sorted(phase.value for phase in ON_THEIR_WAY))
HEARD_OF_AT = Coalesce(F("last_scan_at"), F("tracking_placed_at"))


class ArrivalSource(models.TextChoices):
    """Who expects a parcel between `arrival_start` and `arrival_end`."""

    CARRIER = "carrier", _("The carrier")
    HISTORY = "history", _("The shop’s earlier deliveries")
    USUAL = "usual", _("What is usual for parcels")
    """As long as the shop has too few deliveries: no promise, and nothing is late by it."""


class ShipmentQuerySet(ShopQuerySet["Shipment"]):
    def drafts(self) -> Self:
        return self.filter(tracking_number=None)

    def fulfilled(self) -> Self:
        return self.exclude(tracking_number=None)

    def with_order(self) -> Self:
        """Joined with their orders; `placed_at` is when those were placed."""
        return self.filter(order__shop=F("shop")).annotate(placed_at=F("order__order_placed_at"))

    def to_country(self, code: str) -> Self:
        """Of orders that go to this country (ISO 3166, in any case)."""
        country = Upper(KeyTextTransform("country_code", "order__address"))
        return self.with_order().annotate(country=country).filter(country=code.upper())

    def in_segment(self, segment: str) -> Self:
        return self.with_order().filter(order__segments__contains=[segment])

    def placed(self, *, since: datetime | None = None, until: datetime | None = None) -> Self:
        """Of orders placed in this window, both ends included."""
        found = self.with_order()
        found = found.filter(placed_at__gte=since) if since else found
        return found.filter(placed_at__lte=until) if until else found

    def real(self) -> Self:
        """Without test parcels: what every number counts."""
        return self.filter(is_test=False)

    def on_their_way(self) -> Self:
        """Sent, and neither arrived nor given up."""
        return self.filter(ON_THEIR_WAY_NOW)

    def overdue(self, now: datetime) -> Self:
        """Still on their way though the window in which they were expected has passed."""
        return self.on_their_way().filter(
            arrival_end__lt=now, arrival_source__in=(ArrivalSource.CARRIER, ArrivalSource.HISTORY)
        )

    def stalled(self, now: datetime, days: DeliveryCalendar | None = None) -> Self:
        """On their way, and not scanned again for STALLED_AFTER business days.

        Here and in `never_scanned` these are Mondays to Fridays unless a calendar says otherwise
        (`shipments.arrival.anomalies` brings the one of the shop's country).
        """
        before = (days or calendar("")).back(now, STALLED_AFTER)
        return self.silent_since(before).exclude(last_scan_at=None)

    def never_scanned(self, now: datetime, days: DeliveryCalendar | None = None) -> Self:
        """Sent UNSCANNED_AFTER business days ago or earlier, and never scanned by anybody."""
        before = (days or calendar("")).back(now, UNSCANNED_AFTER)
        return self.silent_since(before).filter(last_scan_at=None)

    def silent_since(self, before: datetime) -> Self:
        """On their way, and last heard of earlier than that; their sending counts."""
        return self.on_their_way().alias(heard_of_at=HEARD_OF_AT).filter(heard_of_at__lt=before)


class Shipment(DatedShopRow):
    """One parcel of an order. A draft has no tracking number; attaching one fulfils it."""

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="shipments")
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
    carrier_confidence = models.FloatField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How sure the match is, 0–1; 1 where the shop or a person named the carrier.",
    )
    carrier_reason = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False
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
    phase_since = models.DateTimeField(null=True, blank=True, editable=False)
    phase_scan_id = models.UUIDField(
        null=True, editable=False, help_text="The newest scan: the phase is what it says."
    )
    last_scan_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the newest scan was made."
    )
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    pickup = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="Where it waits or was left: type, name, address, url, opening_hours, date_to.",
    )

    arrival_start = models.DateTimeField(null=True, blank=True, editable=False)
    arrival_end = models.DateTimeField(null=True, blank=True, editable=False)
    arrival_source = models.CharField(
        max_length=8,
        choices=ArrivalSource.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    promised_start = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The first window that was told."
    )
    promised_end = models.DateTimeField(null=True, blank=True, editable=False)

    is_test = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="A test parcel: its scans are made up, and no number counts it.",
    )
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
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="shipment_newest"),
            models.Index(
                "shop", "phase", F("created_at").desc(), F("id").desc(), name="shipment_by_phase"
            ),
            models.Index(
                "shop",
                "carrier_reference",
                F("created_at").desc(),
                F("id").desc(),
                name="shipment_by_carrier",
            ),
            models.Index(
                F("shop"),
                F("flag"),
                F("created_at").desc(),
                F("id").desc(),
                name="shipment_by_flag",
                condition=~Q(flag=Flag.NORMAL),
            ),
            models.Index(
                F("shop"),
                F("created_at").desc(),
                F("id").desc(),
                name="shipment_coming_back",
                condition=Q(direction=Direction.CUSTOMER_MERCHANT),
            ),
            # The parcels on their way are few beside all that there ever were.
            models.Index("shop", "arrival_end", name="shipment_due", condition=ON_THEIR_WAY_NOW),
            models.Index("shop", HEARD_OF_AT, name="shipment_silent", condition=ON_THEIR_WAY_NOW),
            models.Index(
                "shop",
                F("delivered_at").desc(),
                name="shipment_delivered",
                condition=Q(phase=Phase.DELIVERED),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"Expected parcel {self.position + 1}"

    @property
    def is_draft(self) -> bool:
        return self.tracking_number is None

    @property
    def is_on_its_way(self) -> bool:
        """Sent, and neither arrived nor given up."""
        return self.phase in ON_THEIR_WAY

    @property
    def coarse_state(self) -> CoarseState:
        return COARSE_STATES[Phase(self.phase)]

    @property
    def carrier_url(self) -> str:
        """Where the carrier shows this parcel."""
        return carrier_url(self.carrier_reference, self.tracking_number, said=self.tracking_url)


class ShipmentLine(ProductRow):
    """What a shipment with own lines holds."""

    shipment = ForeignKeyInShop(Shipment, on_delete=models.CASCADE, related_name="lines")

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["shop", "shipment"], name="line_of_shipment")]


class Effect(models.TextChoices):
    """What a scan did to its shipment."""

    APPLIED = "applied", _("Applied")
    LATE = "late", _("Late")
    DUPLICATE = "duplicate", _("Duplicate")


class Feed(models.TextChoices):
    """Where a scan came from."""

    API = "api", _("The shop")
    AFTERSHIP = "aftership", _("AfterShip")
    EASYPOST = "easypost", _("EasyPost")
    CARRIER = "carrier", _("The carrier")
    SIMULATOR = "simulator", _("The journey simulator")


class Scan(ShopRow):
    """What a carrier reported of a shipment; on the wire an event of it (the contract's section 4).

    Scans are only ever added, and go with a tracking number that is detached. Which of them the
    phase follows is said by `effect` and by the shipment's `phase_scan_id`.
    """

    shipment = ForeignKeyInShop(Shipment, on_delete=models.CASCADE, related_name="scans")
    external_id = models.CharField(
        max_length=255, help_text="What the sender calls it; the same again is the same scan."
    )
    event_name = models.CharField(max_length=64)
    event_time = models.DateTimeField()
    timezone = models.CharField(max_length=64, blank=True, default="", db_default="")
    location = models.CharField(max_length=255, blank=True, default="", db_default="")
    additional_info = models.TextField(blank=True, default="", db_default="")
    phase = models.CharField(max_length=20, choices=Phase.choices)
    effect = models.CharField(max_length=9, choices=Effect.choices)
    feed = models.CharField(max_length=9, choices=Feed.choices, default=Feed.API)
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["-event_time", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "shipment", "external_id"], name="scan_once_in_shipment"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "shipment", "event_time"], name="scan_of_shipment"),
        ]

    def __str__(self) -> str:
        return self.event_name


class TransitHistory(ShopRow):
    """How long a shop's parcels took: what arrivals are estimated from (docs/arrival.md).

    One row per shop, worked out anew from its deliveries by `shipments.arrival.learn`.
    """

    computed_at = models.DateTimeField(editable=False)
    since = models.DateTimeField(editable=False, help_text="Earlier deliveries are left out.")
    deliveries = models.PositiveIntegerField(editable=False)
    weekdays = models.JSONField(
        editable=False, help_text="By carrier and country: on which weekdays parcels arrive."
    )
    measures = models.JSONField(
        editable=False,
        default=list,
        help_text="By stage: how durations are counted, and the share that a window contains.",
    )
    durations = models.JSONField(
        editable=False, help_text="By stage, carrier, country and ZIP area: parcels per hour."
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "transit histories"
        constraints = [models.UniqueConstraint(fields=["shop"], name="one_history_per_shop")]

    def __str__(self) -> str:
        return f"{self.deliveries} deliveries since {self.since:%Y-%m-%d}"
