"""What was asked for in the name of customers, and how long a shop keeps what."""

import json

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.encryption import decrypt, encrypt
from shops.foreign_key import ForeignKeyInShop
from shops.models import Shop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow


class AboutCustomer(DatedShopRow):
    """Something done to one customer's data. Who it was is readable only while it is being done."""

    address_digest = models.CharField(max_length=64, editable=False)
    """Empty of who has no e-mail: whose it is is said by the orders alone."""
    encrypted_address = models.TextField(blank=True, default="", editable=False)
    orders = ArrayField(models.UUIDField(), default=list, editable=False)
    order_count = models.PositiveIntegerField(default=0)
    actor = models.CharField(max_length=255, help_text="Who asked for it.")

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        return decrypt(self.encrypted_address) if self.encrypted_address else ""

    @address.setter
    def address(self, address: str) -> None:
        self.encrypted_address = encrypt(address)

    @property
    def reference(self) -> str:
        """What people call it: the end of its id, which is random."""
        return self.id.hex[-8:].upper()


class Erasure(AboutCustomer):
    """That a customer was erased: kept as a note that names nobody but to who knows the address."""

    encrypted_names = models.TextField(blank=True, default="", db_default="", editable=False)
    """Names and phones, which the orders do not say any more when the rest is erased."""
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "address_digest"], name="erasure_of_address"),
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="erasure_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}"

    @property
    def names(self) -> list[str]:
        said = decrypt(self.encrypted_names) if self.encrypted_names else "[]"
        return list(json.loads(said))

    @names.setter
    def names(self, names: list[str]) -> None:
        self.encrypted_names = encrypt(json.dumps(names))


class Export(AboutCustomer):
    """Everything held of a customer, as a file for the person who asked for it, for a while."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="Who may download it.",
    )
    collected_at = models.DateTimeField(null=True, help_text="All is read; the file can be made.")
    ready_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=200, blank=True, default="", editable=False)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "address_digest"], name="export_of_address"),
            models.Index("shop", F("created_at").desc(), F("id").desc(), name="export_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}"


class ExportPart(ShopRow):
    """What was read so far for an export: rows of one table, until its file is made."""

    export = ForeignKeyInShop(Export, on_delete=models.CASCADE, related_name="parts")
    table = models.CharField(max_length=63)
    rows = models.JSONField()

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["shop", "export", "id"], name="part_of_export")]

    def __str__(self) -> str:
        return self.table


class DoomedFile(ShopRow):
    """A stored file whose row is gone: written with that, and deleted when the file is.

    So no file outlives a worker that dies between the two.
    """

    name = models.CharField(max_length=200)

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["shop", "id"], name="doomed_file")]

    def __str__(self) -> str:
        return self.name


def kept_for(default: int | None, least: int, most: int) -> models.PositiveSmallIntegerField:  # type: ignore[type-arg]
    return models.PositiveSmallIntegerField(
        default=default,
        null=default is None,
        blank=default is None,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
    )


class Retention(DatedShopRow):
    """How long a shop keeps what; the defaults hold where there is no row (docs/privacy.md)."""

    order_months = kept_for(None, 3, 240)
    page_action_days = kept_for(None, 30, 3650)
    mail_days = kept_for(30, 1, 30)
    webhook_days = kept_for(30, 1, 30)
    answer_hours = kept_for(24, 1, 24)
    import_days = kept_for(30, 1, 30)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "retention"
        constraints = [models.UniqueConstraint(fields=["shop"], name="retention_of_shop")]

    def __str__(self) -> str:
        return f"Retention of {self.shop_id}"

    @classmethod
    def of(cls, shop: Shop) -> "Retention":
        return cls.objects.of(shop).first() or cls(shop=shop)


class Forgotten(ShopRow):
    """How much was forgotten on a day because its time was up."""

    class What(models.TextChoices):
        """Each is the name of its field of `Retention`."""

        ORDERS = "order_months", _("Customers of finished orders")
        PAGE_ACTIONS = "page_action_days", _("What customers did on tracking pages")
        MAILS = "mail_days", _("What mails said")
        WEBHOOKS = "webhook_days", _("What webhooks were sent, and answered")
        ANSWERS = "answer_hours", _("Answers of the API, kept for repeated requests")
        IMPORTS = "import_days", _("Imported files")

    day = models.DateField()
    what = models.CharField(max_length=16, choices=What.choices)
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_default=Now())

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "forgotten"
        constraints = [
            models.UniqueConstraint(fields=["shop", "day", "what"], name="forgotten_of_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
