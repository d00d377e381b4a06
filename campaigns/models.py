"""Campaigns on the tracking page, the discounts they give, and the orders they brought."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow

DEFAULT_SEGMENT = "default"
"""Of the campaign that is shown when none fits an order's segments (the contract's section 7)."""
CODE_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
MOST_HELD_OUT = 50
"""Per cent."""


class Discount(DatedShopRow):
    """A code that customers type in at the shop's checkout."""

    class Type(models.TextChoices):
        PRODUCT = "product", _("Products")
        ORDER = "order", _("The order")
        SHIPPING = "shipping", _("Shipping")

    class ValueType(models.TextChoices):
        PERCENTAGE = "percentage", _("Per cent")
        FIXED_AMOUNT = "fixed_amount", _("Amount")

    code = models.CharField(max_length=255)
    title = models.CharField(max_length=255, blank=True, default="", db_default="")
    type = models.CharField(max_length=8, choices=Type.choices, default=Type.ORDER)
    value_type = models.CharField(
        max_length=12, choices=ValueType.choices, default=ValueType.PERCENTAGE
    )
    value = models.DecimalField(max_digits=18, decimal_places=4)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("shop", Upper("code"), name="discount_code_in_shop"),
            models.CheckConstraint(
                condition=Q(value__gte=0)
                & (Q(value_type="fixed_amount") | Q(value_type="percentage", value__lte=100)),
                name="discount_value_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CampaignStatus(models.TextChoices):
    """Follows from whether it is enabled, its dates, and whether somebody paused it."""

    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")
    SCHEDULED = "scheduled", _("Scheduled")
    PAUSED = "paused", _("Paused")


class CampaignQuerySet(ShopQuerySet["Campaign"]):
    def kept(self) -> Self:
        return self.filter(deleted_at=None)

    def running(self, at: datetime) -> Self:
        """Those that are shown at that moment."""
        return self.filter(
            Q(starts_at=None) | Q(starts_at__lte=at),
            Q(ends_at=None) | Q(ends_at__gt=at),
            is_enabled=True,
            paused_at=None,
        )


class Campaign(DatedShopRow):
    """What the tracking page shows to the orders of a segment, below what they came for."""

    class PromotionType(models.TextChoices):
        BASIC = "basic", _("Text and picture")
        PRODUCT = "product", _("Products")

    name = models.CharField(max_length=255)
    code = models.CharField(
        max_length=64,
        validators=[RegexValidator(rf"\A{CODE_PATTERN}\Z")],
        help_text="What its links say as utm_campaign, and by which orders may name it.",
    )
    is_enabled = models.BooleanField("enabled", default=False)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Gone for everybody; the orders it brought still count.",
    )
    segment = models.CharField(max_length=255, default=DEFAULT_SEGMENT)
    priority = models.SmallIntegerField(
        default=0, help_text="Where an order fits several campaigns, the greatest wins."
    )
    promotion_type = models.CharField(
        max_length=8, choices=PromotionType.choices, default=PromotionType.BASIC
    )
    promotion_properties = models.JSONField(
        default=dict,
        blank=True,
        help_text="title, subtitle, cta_label, cta_url, image_url, translations, products.",
    )
    alternative_properties = models.JSONField(
        null=True, blank=True, help_text="Variant B, shown to every other order; none if empty."
    )
    holdout_percent = models.PositiveSmallIntegerField(
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_HELD_OUT)],
        help_text="Of the orders, to which it is not shown, so that its effect can be measured.",
    )
    discount = ForeignKeyInShop(
        Discount, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "code"], name="campaign_code_in_shop"),
            models.UniqueConstraint(
                fields=["shop", "segment"],
                condition=Q(is_enabled=True),
                name="one_enabled_campaign_per_segment",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="campaign_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(holdout_percent__lte=50), name="campaign_holdout_at_most_half"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(is_enabled=False), name="campaign_deleted_is_off"
            ),
        ]
        indexes = [
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="campaign_newest"),
            models.Index(fields=["shop", "discount"], name="campaign_of_discount"),
        ]

    def __str__(self) -> str:
        return self.name

    def status(self, at: datetime) -> CampaignStatus:
        if not self.is_enabled or self.has_ended(at):
            return CampaignStatus.INACTIVE
        if self.paused_at is not None:
            return CampaignStatus.PAUSED
        if self.starts_at is not None and self.starts_at > at:
            return CampaignStatus.SCHEDULED
        return CampaignStatus.ACTIVE

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at


class AttributionWay(models.TextChoices):
    """Why an order counts as a campaign's, the strongest first (the contract's section 7)."""

    ANALYTICS = "analytics", _("Its analytics name the campaign")
    DISCOUNT = "discount", _("A discount code of the campaign")
    REFERRAL = "referral", _("It came from a tracking page")


class Attribution(ShopRow):
    """An order that a campaign brought: a repeat purchase. Written with the order itself."""

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="+")
    campaign = ForeignKeyInShop(Campaign, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=9, choices=AttributionWay.choices)
    evidence = models.CharField(
        max_length=255, help_text="What said so, such as utm_campaign=spring."
    )
    referring_order_id = models.UUIDField(
        null=True, blank=True, help_text="On whose tracking page the link was clicked, if known."
    )
    attributed_at = models.DateTimeField(editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "order"], name="one_attribution_per_order")
        ]
        indexes = [models.Index(fields=["shop", "campaign", "order"], name="order_of_campaign")]

    def __str__(self) -> str:
        return self.get_way_display()


class FulfilledSegments(ShopRow):
    """An order's segments at its fulfilment, kept when they change afterwards; else the order's."""

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="+")
    segments = ArrayField(models.CharField(max_length=255), default=list)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "order"], name="segments_kept_once")]

    def __str__(self) -> str:
        return ", ".join(self.segments)
