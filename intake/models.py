"""What is remembered of requests, so that one that is sent twice is done once."""

from django.db import models
from django.db.models.functions import Now

from shops.tenancy import ShopQuerySet, ShopRow


class IdempotentRequest(ShopRow):
    """A POST that came with an `Idempotency-Key`, and what it was answered."""

    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=32, help_text="Tells whether it is the same request.")
    content = models.TextField(blank=True, default="", db_default="")
    headers = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="idempotency_key_in_shop")
        ]
        indexes = [models.Index(fields=["shop", "created_at"], name="idempotent_by_age")]

    def __str__(self) -> str:
        return self.key
