"""How shops stay apart: what every row that belongs to a shop has in common.

A row names its shop from its first migration on, its unique constraints and indexes begin with it,
and every query starts at it (`Order.objects.of(shop)`). References inside a shop carry no index of
their own on the bare id; the models declare one that begins with the shop.
"""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.db import DatabaseError, models
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

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Self] | None = None,
    ) -> None:
        rows = type(self)._base_manager.all() if from_queryset is None else from_queryset
        if "shop_id" not in self.get_deferred_fields():
            rows = rows.filter(shop_id=self.shop_id)
        super().refresh_from_db(using, fields, rows)

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *how: Any) -> Any:
        """Django's, in the row's shop, which is never set: a row does not move.

        Nor is a row saved that is not in its shop (any more): Django would insert a copy.
        """
        said = [value for value in values if value[0].attname != "shop_id"]
        rows = base_qs.filter(shop_id=self.shop_id)
        updated = super()._do_update(rows, using, pk_val, said, *how)
        if not updated and not self._state.adding:
            raise NotInShop(f"{self._meta.label} {pk_val} is no row of the shop {self.shop_id}.")
        return updated


class NotInShop(DatabaseError):
    """A row was saved whose shop was changed, or which was deleted meanwhile."""


class DatedShopRow(ShopRow):
    """A row of a shop that says when it was made and when it last changed."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
