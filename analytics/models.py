"""What analytics keeps of its own: the rollup, the marks of what changed since, targets.

Rollup and marks have no id and no place in the back office: they are written by set-based
statements only, and can be made anew at any time (`manage.py rebuild_numbers`).
"""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from shops.models import Shop
from shops.tenancy import ShopQuerySet, ShopRow

LONGEST_TARGET = 60


class DeliveryTarget(ShopRow):
    """How long a parcel should take at most from its sending to its delivery."""

    days = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TARGET)]
    )
    in_business_days = models.BooleanField(
        default=True, help_text="Mondays to Fridays without public holidays; else all days."
    )

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop"], name="one_delivery_target_per_shop"),
            models.CheckConstraint(
                condition=models.Q(days__gte=1) & models.Q(days__lte=LONGEST_TARGET),
                name="delivery_target_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} {'business days' if self.in_business_days else 'days'}"


class RolledUp(ShopRow):
    """That a shop has a rollup, and by which clock and which definitions its days are.

    Who writes the shop's rollup holds the lock of this row. Where it is missing, or is of another
    time zone or of other definitions than now, the rollup says nothing.
    """

    timezone = models.CharField(max_length=64, editable=False)
    version = models.CharField(max_length=32, editable=False)
    started_at = models.DateTimeField(editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = "rollup"
        constraints = [models.UniqueConstraint(fields=["shop"], name="one_rollup_per_shop")]

    def __str__(self) -> str:
        return f"{self.timezone} since {self.started_at:%Y-%m-%d}"


class OwnRow(models.Model):
    """A row without an id; shops are not checked for each: they are never deleted beneath it."""

    shop = models.ForeignKey(
        Shop, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True


class Mark(OwnRow):
    """Something that numbers count changed among the orders placed in this hour.

    Left by triggers, in the transaction of the change, and taken away with the recomputing of the
    hour's days (docs/adr/0008-marks-and-rollups.md).
    """

    pk = models.CompositePrimaryKey("shop", "hour", "transaction")
    hour = models.DateTimeField(help_text="Its start.")
    transaction = models.BigIntegerField(help_text="A number that no other transaction has.")

    objects = ShopQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}:00 UTC"


class Moved(OwnRow):
    """An order whose `order_placed_at` was changed: a mark of the hour that it left means it, too.

    Whoever changed its parcels or claims at the same time may have seen it where it was before.
    """

    pk = models.CompositePrimaryKey("shop", "left_hour", "order_id")
    left_hour = models.DateTimeField()
    order_id = models.UUIDField()
    moved_at = models.DateTimeField(db_default=Now())

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "moved"

    def __str__(self) -> str:
        return str(self.order_id)


def cell() -> models.BigIntegerField:  # type: ignore[type-arg]
    return models.BigIntegerField(default=0)


def money_cell() -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(max_digits=30, decimal_places=4, default=0)


def durations() -> ArrayField:  # type: ignore[type-arg]
    """Buckets, and beside them how many units are in each."""
    return ArrayField(models.IntegerField(), default=list)


class RollupDay(OwnRow):
    """Cells of a subject (`analytics.subjects`) on a day: those of one key of a dimension."""

    pk = models.CompositePrimaryKey("shop", "dimension", "day", "key", "second_key", "currency")
    dimension = models.CharField(
        max_length=32, help_text="By what: empty, or names with a comma between."
    )
    day = models.DateField()
    key = models.TextField()
    second_key = models.TextField()
    currency = models.CharField(max_length=3)

    objects = ShopQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.key}"


class OrderDay(RollupDay):
    orders = cell()
    cancelled = cell()
    unpriced = cell()
    revenue = money_cell()
    repeat_orders = cell()
    repeat_revenue = money_cell()
    unsent = cell()
    on_their_way = cell()
    decided = cell()
    successful = cell()
    claimed = cell()
    opened = cell()
    engaged = cell()


class ParcelDay(RollupDay):
    parcels = cell()
    delivered = cell()
    failed = cell()
    on_their_way = cell()
    timed = cell()
    mistimed = cell()
    took = cell()
    took_business_days = cell()
    order_timed = cell()
    order_took = cell()
    order_took_business_days = cell()
    promised = cell()
    on_time = cell()
    unpromised = cell()
    expected = cell()
    as_expected = cell()
    unexpected = cell()
    tried = cell()
    first_attempt = cell()
    untried = cell()
    rated = cell()
    unrated = cell()
    rated_1 = cell()
    rated_2 = cell()
    rated_3 = cell()
    rated_4 = cell()
    rated_5 = cell()
    claimed = cell()
    hours_buckets = durations()
    hours_units = durations()
    business_days_buckets = durations()
    business_days_units = durations()
    order_hours_buckets = durations()
    order_hours_units = durations()
    order_business_days_buckets = durations()
    order_business_days_units = durations()


class ClaimDay(RollupDay):
    claims = cell()
    pending = cell()
    accepted = cell()
    rejected = cell()
    closed = cell()
