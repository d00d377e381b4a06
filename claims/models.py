"""Claims: what customers say is wrong with a parcel, and what becomes of it."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.models import Order, money_field
from shipments.models import Shipment
from shipments.phases import Phase
from shops.foreign_key import ForeignKeyInShop
from shops.models import Shop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow


class Reason(models.TextChoices):
    """As on the wire (the contract's section 6)."""

    PARTIAL_DAMAGE = "partial_damage", _("Partial damage")
    DAMAGE = "damage", _("Damage")
    INVESTIGATION = "investigation", _("Investigation")
    SUPPORT = "support", _("Support")
    RETURN = "return", _("Return")


class ClaimStatus(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    CLOSED = "closed", _("Closed")


ALLOWED_MOVES: dict[ClaimStatus, frozenset[ClaimStatus]] = {
    ClaimStatus.PENDING: frozenset(
        {ClaimStatus.ACCEPTED, ClaimStatus.REJECTED, ClaimStatus.CLOSED}
    ),
    ClaimStatus.ACCEPTED: frozenset({ClaimStatus.PENDING, ClaimStatus.CLOSED}),
    ClaimStatus.REJECTED: frozenset({ClaimStatus.PENDING, ClaimStatus.CLOSED}),
    ClaimStatus.CLOSED: frozenset({ClaimStatus.PENDING}),
}
"""A decision is taken back before another one is made: so of two at once, one wins."""


class Preference(models.TextChoices):
    REORDER = "reorder", _("A new one")
    REFUND = "refund", _("Money back")


class Flow(models.TextChoices):
    """Which way a customer took on the tracking page; empty for claims that came by the API."""

    DEFECTIVE = "defective", _("Defective")
    NOT_RECEIVED = "not_received", _("Not received")
    MISSING_PRODUCT = "missing_product", _("Missing product")
    WRONG_PRODUCT = "wrong_product", _("Wrong product")
    RETURN = "return", _("Return")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    SUPPORT = "support", _("Support")


class ClaimQuerySet(ShopQuerySet["Claim"]):
    def kept(self) -> Self:
        """Without those that were deleted."""
        return self.filter(deleted_at=None)

    def real(self) -> Self:
        """Without those of test parcels: what every number counts."""
        return self.filter(is_test=False)

    def with_order(self) -> Self:
        """Joined with their orders."""
        return self.filter(order__shop=F("shop")).select_related("order")


class Claim(DatedShopRow):
    """A customer's complaint about a shipment of an order."""

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="+")
    shipment = ForeignKeyInShop(
        Shipment,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="None once the parcel is no longer expected; the database empties it.",
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
    issue = models.CharField(
        max_length=32,
        blank=True,
        default="",
        db_default="",
        help_text="What the customer chose of the flow's first question (claims.flows).",
    )
    signed_by = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="Whose signature it is.",
    )
    amount = money_field("amount")
    answer = models.TextField(
        blank=True, default="", db_default="", help_text="What the customer was told last."
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    is_test = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Of a test parcel: no number counts it.",
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

    def may_become(self, status: ClaimStatus) -> bool:
        return status in ALLOWED_MOVES[ClaimStatus(self.status)]

    @property
    def is_pending(self) -> bool:
        return self.status == ClaimStatus.PENDING

    @property
    def reference(self) -> str:
        """What people call it: the end of its id, which is random."""
        return self.id.hex[-8:].upper()


class ClaimDraft(DatedShopRow):
    """A claim that a customer is about to file: what they have answered so far.

    `shipment_id` is no reference: parcels that are no longer expected go without asking drafts.
    """

    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="+")
    flow = models.CharField(max_length=16, choices=Flow.choices)
    shipment_id = models.UUIDField(null=True)
    answers = models.JSONField(default=dict, help_text="By step (claims.flows).")
    claim = ForeignKeyInShop(
        Claim,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="What became of it.",
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "order"], name="claim_draft_of_order"),
            models.Index(fields=["shop", "updated_at"], name="claim_draft_by_age"),
        ]

    def __str__(self) -> str:
        return self.get_flow_display()


class PhotoKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    SIGNATURE = "signature", _("Signature")


def stored_path(photo: "ClaimPhoto", filename: str) -> str:
    """Nothing of what the customer called it."""
    return f"claims/{photo.shop_id}/{photo.id}.jpg"


class ClaimPhoto(ShopRow):
    """A picture that a customer sent: read, made anew, and stored without what came with it."""

    claim = ForeignKeyInShop(Claim, on_delete=models.CASCADE, null=True, related_name="+")
    draft = ForeignKeyInShop(ClaimDraft, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=9, choices=PhotoKind.choices, default=PhotoKind.PHOTO)
    is_optional = models.BooleanField(
        default=False, db_default=False, help_text="The flow did not ask for it."
    )
    name = models.CharField(max_length=255, blank=True, default="", help_text="As it was sent.")
    file = models.FileField(upload_to=stored_path, max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="In bytes.")
    digest = models.CharField(max_length=32, help_text="Of the picture: the same twice is one.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False) | Q(draft__isnull=False),
                name="claim_photo_of_something",
            )
        ]
        indexes = [
            models.Index(fields=["shop", "claim"], name="claim_photo_of_claim"),
            models.Index(fields=["shop", "draft"], name="claim_photo_of_draft"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class EntryKind(models.TextChoices):
    """What happened to a claim."""

    FILED = "filed", _("Filed")
    CHANGED = "changed", _("Changed")
    DECIDED = "decided", _("Decided")
    REOPENED = "reopened", _("Opened again")
    ASSIGNED = "assigned", _("Assigned")
    NOTED = "noted", _("Note")
    ANSWERED = "answered", _("Answered by e-mail")
    RULED = "ruled", _("Rules")
    DELETED = "deleted", _("Deleted")


class ClaimEntry(ShopRow):
    """One line of a claim's history; entries are only ever added."""

    claim = ForeignKeyInShop(Claim, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    actor = models.CharField(max_length=255, blank=True, default="")
    text = models.TextField(blank=True, default="")
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "claim entries"
        indexes = [models.Index(fields=["shop", "claim", "created_at"], name="entry_of_claim")]

    def __str__(self) -> str:
        return self.get_kind_display()


class ClaimMail(ShopRow):
    """An answer that waits for being sent, or was: what it says stands in the history."""

    entry = ForeignKeyInShop(ClaimEntry, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=255)
    body = models.TextField()
    due_at = models.DateTimeField(null=True, help_text="None once it was sent or given up.")
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=255, blank=True, default="")

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "entry"], name="one_mail_per_entry")]
        indexes = [
            models.Index(
                fields=["shop", "due_at"], name="claim_mail_due", condition=Q(due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.subject


class ClaimSettings(ShopRow):
    """How a shop takes claims on its tracking pages; the defaults hold where there is none."""

    flows_off = ArrayField(
        models.CharField(max_length=16, choices=Flow.choices), default=list, blank=True
    )
    complaint_days = models.PositiveSmallIntegerField(default=30)
    return_days = models.PositiveSmallIntegerField(default=30)
    missing_after_days = models.PositiveSmallIntegerField(default=10)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "claim settings"
        constraints = [models.UniqueConstraint(fields=["shop"], name="claim_settings_of_shop")]

    def __str__(self) -> str:
        return f"Claims of {self.shop}"

    @classmethod
    def of(cls, shop: Shop) -> "ClaimSettings":
        return cls.objects.of(shop).first() or cls(shop=shop)


class RuleDecision(models.TextChoices):
    ACCEPT = "accept", _("Accept it")
    REJECT = "reject", _("Reject it")
    LEAVE = "leave", _("Leave it to people")


class ClaimRule(DatedShopRow):
    """What is decided without people: the first rule whose conditions all hold decides."""

    position = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    reasons = ArrayField(
        models.CharField(max_length=16, choices=Reason.choices), default=list, blank=True
    )
    flows = ArrayField(
        models.CharField(max_length=16, choices=Flow.choices), default=list, blank=True
    )
    most_amount = money_field("amount at most")
    currency = models.CharField(max_length=3, blank=True, default="")
    most_earlier = models.PositiveSmallIntegerField(null=True, blank=True)
    least_earlier = models.PositiveSmallIntegerField(null=True, blank=True)
    earlier_days = models.PositiveSmallIntegerField(default=365)
    needs_photo = models.BooleanField(default=False)
    decision = models.CharField(max_length=6, choices=RuleDecision.choices)
    answer = models.TextField(blank=True, default="")

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["shop", "position"], name="claim_rule_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_conditions(self) -> bool:
        """Without any, it fits every claim."""
        limits = (self.most_amount, self.most_earlier, self.least_earlier)
        is_limited = any(limit is not None for limit in limits)
        return bool(self.reasons or self.flows or self.needs_photo or is_limited)
