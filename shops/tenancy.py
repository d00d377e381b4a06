"""How shops stay apart: what every row that belongs to a shop has in common.

A row names its shop from its first migration on, its unique constraints and indexes begin with it,
and every query starts at it (`Order.objects.of(shop)`). References inside a shop carry no index of
their own on the bare id; the models declare one that begins with the shop.
"""

from typing import Self, TypeVar

from django.db import models
from django.db.models.functions import Now

from common.ids import new_id
from shops.models import AuditedInShop, Shop

Row = TypeVar("Row", bound=models.Model)


class ShopQuerySet(models.QuerySet[Row]):
    """Where every query on a shop's rows starts."""

    def of(self, shop: Shop) -> Self:
        return self.filter(shop=shop)


class ShopRow(AuditedInShop, models.Model):
    """A row of one shop. Rows are made in Python or by `common.rows`; the ids always in Python."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


class DatedShopRow(ShopRow):
    """A row of a shop that says when it was made and when it last changed."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
