"""Where a shop's scans come from, beside the shop itself: aggregators, carriers, the simulator."""

from typing import Self

import orjson
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from common.encryption import decrypt, encrypt
from common.ids import new_id
from shipments.models import Shipment
from shops.foreign_key import ForeignKeyInShop
from shops.models import Shop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow


class Aggregator(models.TextChoices):
    """Their values are those of `Feed`."""

    AFTERSHIP = "aftership", "AfterShip"
    EASYPOST = "easypost", "EasyPost"


class AggregatorConnection(DatedShopRow):
    """An account at an aggregator whose webhook reports the shop's parcels."""

    aggregator = models.CharField(max_length=9, choices=Aggregator.choices)
    encrypted_secret = models.TextField(editable=False)
    last_delivery_at = models.DateTimeField(null=True, editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["shop", "created_at"], name="aggregator_of_shop")]

    def __str__(self) -> str:
        return self.get_aggregator_display()

    @property
    def secret(self) -> str:
        """What deliveries are signed with; raises `Undecryptable`."""
        return decrypt(self.encrypted_secret)

    @secret.setter
    def secret(self, secret: str) -> None:
        self.encrypted_secret = encrypt(secret)


class FeedAddress(models.Model):
    """Where a connection's deliveries arrive: a local table that leads from a URL to the shop.

    The token is no credential, deliveries are signed; it is unguessable to be a nuisance to nobody.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token = models.CharField(max_length=43, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", db_index=False)
    connection_id = models.UUIDField(editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "feed addresses"
        constraints = [
            models.UniqueConstraint(fields=["shop", "connection_id"], name="one_address_per_feed")
        ]

    def __str__(self) -> str:
        return f"…{self.token[-4:]}"


class SimulationQuerySet(ShopQuerySet["Simulation"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)


class Simulation(ShopRow):
    """A test parcel that lives through a story."""

    shipment = ForeignKeyInShop(Shipment, on_delete=models.CASCADE, related_name="simulations")
    story = models.CharField(max_length=64)
    seconds_per_day = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    was_stopped = models.BooleanField(default=False, db_default=False)

    objects = SimulationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index("shop", F("started_at").desc(), name="simulation_newest"),
            models.Index(fields=["shop", "shipment"], name="simulation_of_shipment"),
        ]

    def __str__(self) -> str:
        return self.story


class PlannedScan(models.Model):
    """A scan that is yet to appear: a local queue, which loses its row when it has."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", db_index=False)
    simulation_id = models.UUIDField(editable=False)
    position = models.PositiveSmallIntegerField(help_text="Of its step in the story, from 0.")
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "simulation_id", "position"], name="planned_scan_once"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="planned_scan_due")]

    def __str__(self) -> str:
        return f"step {self.position + 1}"


class CarrierConnection(DatedShopRow):
    """A shop's account at a carrier that is asked about its parcels."""

    carrier = models.CharField(max_length=16, help_text="One of `connectors.toml`.")
    encrypted_credentials = models.TextField(editable=False)
    is_active = models.BooleanField(
        "asks", default=True, db_default=True, help_text="Off: its parcels are left alone."
    )
    enrolled_until = models.DateTimeField(
        editable=False, help_text="Parcels that changed before are known to be asked for, or not."
    )
    failures = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="In a row; an answer ends them."
    )
    blocked_until = models.DateTimeField(null=True, editable=False)
    last_trouble = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False
    )
    last_answer_at = models.DateTimeField(null=True, editable=False)
    last_trouble_at = models.DateTimeField(null=True, editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["carrier"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "carrier"], name="carrier_once_in_shop")
        ]

    def __str__(self) -> str:
        return self.carrier

    @property
    def credentials(self) -> dict[str, str]:
        """By karrio's names; raises `Undecryptable`."""
        credentials: dict[str, str] = orjson.loads(decrypt(self.encrypted_credentials))
        return credentials

    @credentials.setter
    def credentials(self, credentials: dict[str, str]) -> None:
        self.encrypted_credentials = encrypt(orjson.dumps(credentials).decode())


class Poll(models.Model):
    """A parcel that its carrier is asked about: a local queue, ordered by when that is due.

    Who takes a row moves `due_at` to the end of a lease, and to the next time when it has an
    answer: a worker that dies leaves rows that are due again by themselves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="+", db_index=False)
    connection_id = models.UUIDField(editable=False)
    shipment_id = models.UUIDField(editable=False)
    tracking_number = models.CharField(max_length=255, editable=False)
    due_at = models.DateTimeField(null=True, help_text="Empty: never again.")
    misses = models.PositiveSmallIntegerField(
        default=0, help_text="How often running the carrier did not know the number."
    )
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="How often running its answer could not be read."
    )
    last_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "shipment_id"], name="one_poll_per_shipment")
        ]
        indexes = [
            models.Index(
                fields=["connection_id", "due_at"],
                name="poll_due",
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number
