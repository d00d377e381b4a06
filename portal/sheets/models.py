"""Files of orders that somebody uploaded, row by row, until they are forgotten."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jobs.models import Job
from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow


class OrderImport(DatedShopRow):
    """A file, which of its columns are which of ours, and the job that tried or imported it.

    Its headings, columns and rows are known once it was read.
    """

    file_name = models.CharField(max_length=255)
    actor = models.CharField(max_length=255, help_text="Who uploaded it.")
    content = models.BinaryField(
        null=True, help_text="As it was uploaded, until it is read; up to 20 MB."
    )
    headings = ArrayField(models.TextField(), default=list)
    columns = ArrayField(
        models.CharField(max_length=40, blank=True),
        default=list,
        help_text="For each heading the key of a column; empty: not imported.",
    )
    total = models.PositiveIntegerField(
        default=0, help_text="Rows, without the headings; 0 until all were read."
    )
    job = ForeignKeyInShop(
        Job,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The last one.",
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["shop", "created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_read(self) -> bool:
        return self.total > 0


class Became(models.TextChoices):
    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


class ImportedRow(ShopRow):
    """A row of the file. Those of one order share `first`, wherever they stand."""

    order_import = ForeignKeyInShop(OrderImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="Of its line in the file, from 1.")
    first = models.PositiveIntegerField(
        default=0, db_default=0, help_text="The number of the first row of its order."
    )
    cells = ArrayField(models.TextField(blank=True))
    became = models.CharField(
        max_length=9, choices=Became.choices, blank=True, default="", db_default=""
    )
    reason = models.TextField(blank=True, default="", db_default="")

    objects = ShopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "order_import", "first", "number"], name="imported_row"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
