"""The append-only log of what happened: a fact is written in the transaction that made it true."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from common.partitions import first_id_at
from shops.tenancy import ShopQuerySet, ShopRow

CLOCKS = timedelta(days=7)
"""By so much the clock that makes ids may be behind the database's."""


class Source(models.TextChoices):
    ORDERS = "orders", "Orders"
    SHIPMENTS = "shipments", "Shipments"
    CLAIMS = "claims", "Claims"


class EventQuerySet(ShopQuerySet["Event"]):
    def of_order(self, order_id: UUID, *, made_at: datetime) -> Self:
        """Those of an order whose row was made then: in months before it, none is looked for."""
        return self.filter(order_id=order_id, id__gte=first_id_at(made_at - CLOCKS))


class Event(ShopRow):
    """One fact (the contract's section 5).

    The rows of other apps are named by their bare ids: this log knows no app but shops.
    """

    source = models.CharField(max_length=16, choices=Source.choices)
    ref = models.CharField(max_length=160, help_text="Such as shipments/delivered/DELIVERED.")
    event_group = models.CharField(max_length=64)
    event_data = models.JSONField()
    order_id = models.UUIDField(null=True)
    shipment_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=255, blank=True, default="", db_default="")
    request_id = models.CharField(max_length=128, blank=True, default="", db_default="")
    via = models.CharField(max_length=8, blank=True, default="", db_default="")
    call = models.CharField(
        max_length=128, blank=True, default="", db_default="", help_text="Such as PUT /orders."
    )
    key_hint = models.CharField(max_length=8, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    is_relayed = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whoever is to be told of it has been found (events.relay).",
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "order_id", "created_at"], name="event_of_order"),
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="event_newest"),
            models.Index(
                fields=["shop", "created_at"],
                name="event_unrelayed",
                condition=models.Q(is_relayed=False),
            ),
            models.Index(
                fields=["shop", "request_id"],
                name="event_of_request",
                condition=~models.Q(request_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.ref
