"""What a shop's customers do on the tracking page (open it, click, rate), and how it looks."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from orders.models import Order
from shipments.models import Shipment
from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow

WORST, BEST = 1, 5
SATISFIED_FROM = 4
"""Ratings of 4 and 5 are those of satisfied customers (the contract's section 9)."""


class Rating(DatedShopRow):
    """How a customer liked the delivery of a parcel; one per parcel, which they may change."""

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="+")
    shipment = ForeignKeyInShop(Shipment, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(WORST), MaxValueValidator(BEST)]
    )
    comment = models.TextField(blank=True, default="", db_default="")

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "shipment"], name="one_rating_per_shipment"),
            models.CheckConstraint(
                condition=Q(score__gte=WORST) & Q(score__lte=BEST), name="rating_from_1_to_5"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "order"], name="rating_of_order"),
            models.Index(fields=["shop", "created_at"], name="rating_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.score} of {BEST}"


class ActionKind(models.TextChoices):
    OPENED = "opened", "Opened"
    """The page of the order."""
    SHOWN = "shown", "Shown"
    """A campaign; also, with the variant `holdout`, one that was left out on purpose."""
    CLICKED = "clicked", "Clicked"
    """A link or a button; `element` says which."""


class PageAction(ShopRow):
    """What was done on the tracking page of an order: one row for each thing, however often.

    Campaigns are named by their bare ids: this room knows none.
    """

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ActionKind.choices)
    element = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Such as campaign, carrier_link, claim, footer_link; empty for the page itself.",
    )
    campaign_id = models.UUIDField(null=True, blank=True)
    variant = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text="Of the campaign: a, b or holdout.",
    )
    first_at = models.DateTimeField(db_default=Now(), editable=False)
    last_at = models.DateTimeField(db_default=Now(), editable=False)
    times = models.PositiveIntegerField(default=1, db_default=1)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "order", "kind", "element", "campaign_id", "variant"],
                name="page_action_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                fields=["shop", "campaign_id", "kind", "first_at"],
                name="page_action_of_campaign",
                condition=Q(campaign_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.element or 'page'}"


class PageDesign(DatedShopRow):
    """What a shop's tracking page looks like and says, beside what all of them say."""

    accent = models.CharField(
        max_length=7,
        blank=True,
        default="",
        db_default="",
        help_text="Of links, buttons and progress, as #rrggbb; made readable where it is not.",
    )
    band = models.CharField(
        max_length=7, blank=True, default="", db_default="", help_text="The colour behind the logo."
    )
    logo = models.BinaryField(null=True, blank=True, help_text="A PNG that we made of what came.")
    logo_width = models.PositiveSmallIntegerField(default=0, db_default=0)
    logo_height = models.PositiveSmallIntegerField(default=0, db_default=0)
    home_url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    texts = models.JSONField(
        default=dict, blank=True, help_text="By language: greeting (above all) and help (below)."
    )
    links = models.JSONField(
        default=list, blank=True, help_text="At the foot: url, and labels by language."
    )
    picture_hosts = ArrayField(
        models.CharField(max_length=255),
        default=list,
        blank=True,
        help_text="Where pictures of products may be loaded from.",
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="one_page_design_per_shop")]

    def __str__(self) -> str:
        return f"Design of {self.shop_id}"


class AnnouncementQuerySet(ShopQuerySet["Announcement"]):
    def current(self, at: datetime) -> Self:
        begun = Q(starts_at=None) | Q(starts_at__lte=at)
        return self.filter(begun, Q(ends_at=None) | Q(ends_at__gt=at))


class Announcement(DatedShopRow):
    """What a shop tells everybody who looks after an order, for a while: a strike, a holiday."""

    texts = models.JSONField(default=dict, help_text="By language.")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="announcement_ends_after_its_start",
            )
        ]
        indexes = [models.Index("shop", F("created_at").desc(), name="announcement_newest")]

    def __str__(self) -> str:
        return str(next(iter(self.texts.values()), ""))[:80]
