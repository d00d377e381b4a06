"""What the numbers keep of their own: a shop's target."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

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
