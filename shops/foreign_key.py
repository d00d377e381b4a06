"""A foreign key that does not leave the shop.

Joins name the shop on both sides, and so does whatever is read along the reference: what a row
points at, the rows that point at it, either of them for many rows at once. In the database the
reference is composite, `(order_id, shop_id) REFERENCES … (id, shop_id)`; a migration makes it
(`common.shop_keys`), and Django's own constraint is off.
"""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.expressions import Col
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler

Set = TypeVar("Set")
Got = TypeVar("Got")
Sql = tuple[str, Any]


class DescriptorInShop(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        queryset = querysets[0] if querysets else self.field.related_model._base_manager.all()
        shops = {instance.shop_id for instance in instances}
        return super().get_prefetch_querysets(instances, [queryset.filter(shop_id__in=shops)])


class ForeignKeyInShop(models.ForeignKey[Set, Got]):
    """Of a row of a shop to a row of the same shop. Declare an index that begins with the shop."""

    forward_related_accessor_class = DescriptorInShop

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "db_constraint": False, "db_index": False})

    def deconstruct(self) -> Any:
        """As Django's own, for migrations."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", arguments, options

    def get_extra_descriptor_filter(self, instance: Any) -> dict[str, Any]:
        return {"shop_id": instance.shop_id}

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """`alias` is of the table pointed at, `related_alias` of the one that points."""
        if alias is None or related_alias is None:
            return None
        own, remote = (
            _shop_column(name, model)
            for name, model in ((related_alias, self.model), (alias, self.related_model))
        )
        return Exact(remote, own)


def _shop_column(alias: str, model: Any) -> Col:
    return Col(alias, model._meta.get_field("shop"))


def _shops_of(rows: Iterable[Any]) -> set[UUID]:
    """Of rows, not of ids; and of those whose shop was read, which deleting does not always do."""
    of_rows = (vars(row).get("shop_id") for row in rows if isinstance(row, models.Model))
    return {shop for shop in of_rows if shop is not None}


def _within(lookup: Any, shops: Collection[UUID], compiled: Sql) -> Sql:
    if not shops:
        return compiled
    sql, params = compiled
    column = f'"{lookup.lhs.alias}"."shop_id"'
    slots = ", ".join(["%s"] * len(shops))
    return f"({sql} AND {column} IN ({slots}))", [*params, *sorted(shops)]


@ForeignKeyInShop.register_lookup
class ExactInShop(RelatedExact):
    """Compared with a row rather than an id: in that row's shop."""

    def get_prep_lookup(self) -> Any:
        self.shops = _shops_of([self.rhs])
        return super().get_prep_lookup()

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Sql:
        return _within(self, self.shops, super().as_sql(compiler, connection))


@ForeignKeyInShop.register_lookup
class InInShop(RelatedIn):
    def get_prep_lookup(self) -> Any:
        self.shops = _shops_of(self.rhs) if self.rhs_is_direct_value() else set()
        return super().get_prep_lookup()

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Sql:
        return _within(self, self.shops, super().as_sql(compiler, connection))
