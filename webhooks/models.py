"""Who is told (webhooks), what is said (messages), to whom (deliveries), and each try of it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow
from webhooks.inbox import INBOX


class WebhookStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")


class DisabledReason(models.TextChoices):
    """Why we, not the shop, switched a webhook off."""

    GONE = "gone", _("Its endpoint answered 410 Gone")
    FAILING = "failing", _("Five days without one success")


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    HELD = "held", _("On hold")
    """Its webhook is inactive; it goes on when that is active again."""
    SUCCEEDED = "succeeded", _("Delivered")
    FAILED = "failed", _("Failed")
    """Given up after the last retry; a person may send it again."""


class WebhookQuerySet(ShopQuerySet["Webhook"]):
    def active(self) -> Self:
        return self.filter(status=WebhookStatus.ACTIVE)


class Webhook(DatedShopRow):
    """A shop's wish to be told of events at an address (the contract's section 5)."""

    url = models.CharField("URL", max_length=2000)
    enabled_events = models.JSONField(help_text="What it is told of: see webhooks.subscriptions.")
    description = models.CharField(max_length=500, blank=True, default="", db_default="")
    status = models.CharField(
        max_length=8, choices=WebhookStatus.choices, default=WebhookStatus.ACTIVE
    )
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_told_at = models.DateTimeField(
        null=True, editable=False, help_text="When the shop's admins were told."
    )
    disabled_reason = models.CharField(
        max_length=8,
        choices=DisabledReason.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )

    secret = models.TextField(editable=False, help_text="Encrypted (common.encryption).")
    previous_secret = models.TextField(blank=True, default="", db_default="", editable=False)
    previous_secret_until = models.DateTimeField(
        null=True, editable=False, help_text="Until then both secrets sign."
    )

    failing_since = models.DateTimeField(
        null=True, editable=False, help_text="The first failure after the last success."
    )
    rests = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="Of the breaker, one after the other."
    )
    resting_until = models.DateTimeField(
        null=True, editable=False, help_text="The breaker is open: nothing is sent until then."
    )

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["shop", "created_at"], name="webhook_of_shop")]

    def __str__(self) -> str:
        return self.url

    @property
    def is_inbox(self) -> bool:
        """It goes to the shop's test inbox, not to an endpoint."""
        return self.url == INBOX

    @property
    def address(self) -> str:
        """Where it leads, as people are told."""
        return gettext("Test inbox") if self.is_inbox else self.url

    @property
    def is_active(self) -> bool:
        return self.status == WebhookStatus.ACTIVE

    def is_resting(self, now: datetime) -> bool:
        return self.resting_until is not None and self.resting_until > now


class Message(ShopRow):
    """What is said of one event, composed once: the exact text whose bytes are signed and sent.

    Its id is the event's.
    """

    position = models.BigIntegerField(help_text="Its place among the shop's, by commit.")
    ref = models.CharField(max_length=160)
    event_group = models.CharField(max_length=64)
    order_id = models.UUIDField(null=True)
    is_test = models.BooleanField(default=False, db_default=False)
    request_id = models.CharField(
        max_length=128,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="In which the event happened.",
    )
    body = models.TextField()
    triggered_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "position"], name="message_by_position"),
            models.Index(fields=["shop", "created_at"], name="message_by_age"),
            models.Index(fields=["shop", "order_id"], name="message_of_order"),
        ]

    def __str__(self) -> str:
        return self.ref


class Delivery(ShopRow):
    """A message on its way to one webhook.

    Waiting, it is due at `next_attempt_at`. A worker that takes it has it until `leased_until`: if
    the worker dies, somebody else takes it then. No index holds that column, so taking one is
    PostgreSQL's cheapest update (HOT).
    """

    webhook = ForeignKeyInShop(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message = ForeignKeyInShop(Message, on_delete=models.PROTECT, related_name="deliveries")
    position = models.BigIntegerField()
    state = models.CharField(
        max_length=9,
        choices=DeliveryState.choices,
        default=DeliveryState.PENDING,
        db_default=DeliveryState.PENDING,
    )
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    retries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Of the schedule; sending it again starts anew."
    )
    next_attempt_at = models.DateTimeField(null=True, db_default=Now())
    leased_until = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "message", "webhook"], name="event_once_per_webhook"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "webhook", "next_attempt_at", "position"],
                name="delivery_due",
                condition=Q(state=DeliveryState.PENDING),
            ),
            models.Index(
                "shop", "webhook", F("created_at").desc(), F("id").desc(), name="delivery_newest"
            ),
            models.Index(
                fields=["shop", "webhook", "state", "created_at"],
                name="delivery_unfinished",
                condition=~Q(state=DeliveryState.SUCCEEDED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.webhook}"


class ReplayState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class Replay(ShopRow):
    """Events of a window, sent (again) to one webhook: worked off a batch at a time."""

    webhook = ForeignKeyInShop(Webhook, on_delete=models.CASCADE, related_name="replays")
    start = models.DateTimeField("from")
    end = models.DateTimeField("to")
    events = models.JSONField(default=list, help_text="As enabled_events; narrower than those.")
    only_undelivered = models.BooleanField(default=True)
    state = models.CharField(max_length=7, choices=ReplayState.choices, default=ReplayState.RUNNING)
    looked_at = models.PositiveIntegerField(default=0, help_text="Events so far.")
    sent = models.PositiveIntegerField(default=0, help_text="Deliveries so far.")
    reached_at = models.DateTimeField(null=True, editable=False)
    reached_id = models.UUIDField(null=True, editable=False)
    actor = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("shop", "webhook", F("created_at").desc(), name="replay_newest"),
            models.Index(
                fields=["shop"], name="replay_running", condition=Q(state=ReplayState.RUNNING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%F %R} to {self.end:%F %R}"


class Attempt(ShopRow):
    """One try of a delivery: what was sent, what came back. Kept for 30 days."""

    webhook_id = models.UUIDField()
    delivery = ForeignKeyInShop(
        Delivery,
        on_delete=models.CASCADE,
        related_name="tries",
    )
    number = models.PositiveIntegerField(help_text="From 1.")
    url = models.CharField("URL", max_length=2000)
    request_headers = models.JSONField()
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the response, if any came.")
    response_headers = models.JSONField(null=True)
    response_body = models.TextField(
        blank=True, default="", db_default="", help_text="Its first 4 KiB."
    )
    error = models.CharField(max_length=500, blank=True, default="", db_default="")
    latency = models.PositiveIntegerField("latency (ms)")
    is_success = models.BooleanField()
    next_attempt_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["shop", "delivery", "created_at"], name="attempt_of_delivery"),
            models.Index(fields=["shop", "webhook_id", "created_at"], name="attempt_of_webhook"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number}"
