"""Which people are told (notices), in which words (texts), every mail, and who wants none."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow


class Audience(models.TextChoices):
    CUSTOMERS = "customers", _("Customers")
    STAFF = "staff", _("Staff")


class NoticeQuerySet(ShopQuerySet["Notice"]):
    def switched_on(self) -> Self:
        return self.filter(is_on=True)


class Notice(DatedShopRow):
    """Events of a group are told to an audience by e-mail. Where there is no row, they are not."""

    event_group = models.CharField(max_length=64)
    audience = models.CharField(max_length=9, choices=Audience.choices)
    is_on = models.BooleanField(default=False)
    on_since = models.DateTimeField(null=True, help_text="Earlier events are not told.")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "audience", "event_group"], name="notice_once_per_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_group} to {self.audience}"


class NoticeText(DatedShopRow):
    """A shop's own words for a notice; without them the built-in ones hold (notices.texts)."""

    event_group = models.CharField(max_length=64)
    audience = models.CharField(max_length=9, choices=Audience.choices)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "audience", "event_group", "language"],
                name="notice_text_once_per_language",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_group} to {self.audience}, {self.language}"


class NoticeSettings(DatedShopRow):
    """What holds for all notices of a shop; without a row, the defaults."""

    reply_to = models.EmailField(
        "answers go to", blank=True, default="", db_default="", help_text="Empty: nowhere."
    )
    staff_addresses = models.JSONField(
        default=list, blank=True, help_text="Empty: the shop’s admins."
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "settings of notices"
        constraints = [models.UniqueConstraint(fields=["shop"], name="notice_settings_of_shop")]

    def __str__(self) -> str:
        return str(self.shop)


class Unsubscription(ShopRow):
    """An address that wants no mail of this shop. It is kept as a digest, which names nobody, so
    that it outlives the order."""

    address_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "address_digest"], name="unsubscribed_once")
        ]

    def __str__(self) -> str:
        return self.address_digest[:12]


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    """Handed to the mail server; whoever did that says what came of it, or dies."""
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not sent")
    """There was a reason not to: see `error`."""
    UNSURE = "unsure", _("Unclear")
    """Interrupted while the mail server had it: it may have arrived, so it is not sent again by
    itself. A person may."""


class Mail(ShopRow):
    """One mail to one person: first what is to be said, then what was said, and when.

    A worker that takes it has it until `leased_until`. The constraints make it one mail for each
    group and shipment, whoever queues it and however often.
    """

    audience = models.CharField(max_length=9, choices=Audience.choices)
    event_group = models.CharField(max_length=64)
    about_id = models.UUIDField(help_text="The shipment; else the order, or the claim’s state.")
    event_id = models.UUIDField(null=True)
    request_id = models.CharField(
        max_length=128,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="In which the event happened.",
    )
    order_id = models.UUIDField(null=True)
    shipment_id = models.UUIDField(null=True)
    recipient = models.CharField(max_length=320)
    is_test = models.BooleanField(
        default=False, db_default=False, help_text="A person sent it to themselves."
    )
    state = models.CharField(
        max_length=8,
        choices=MailState.choices,
        default=MailState.WAITING,
        db_default=MailState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(null=True, db_default=Now())
    leased_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True, default="", db_default="")
    language = models.CharField(max_length=8, blank=True, default="", db_default="")
    is_own_text = models.BooleanField(
        default=False, db_default=False, help_text="In the shop’s words, not the built-in ones."
    )
    subject = models.CharField(max_length=250, blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    html = models.TextField("HTML", blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "about_id", "event_group"],
                name="one_mail_to_the_customer",
                condition=Q(audience=Audience.CUSTOMERS, is_test=False),
            ),
            models.UniqueConstraint(
                fields=["shop", "about_id", "event_group", "recipient"],
                name="one_mail_to_each_of_the_staff",
                condition=Q(audience=Audience.STAFF, is_test=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "next_attempt_at"],
                name="mail_due",
                condition=Q(state=MailState.WAITING),
            ),
            models.Index(
                fields=["shop", "leased_until"],
                name="mail_being_sent",
                condition=Q(state=MailState.SENDING),
            ),
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="mail_newest"),
            models.Index(
                *("shop", "state", F("created_at").desc(), F("id").desc()), name="mail_by_state"
            ),
            models.Index(fields=["shop", "order_id", "created_at"], name="mail_of_order"),
            models.Index(
                fields=["shop", "created_at"], name="mail_with_body", condition=~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        """Without the subject, which may name the customer and would stand in logs of edits."""
        return f"{self.event_group} to {self.audience}"

    @property
    def may_be_sent_again(self) -> bool:
        return self.state in (MailState.FAILED, MailState.UNSURE)
