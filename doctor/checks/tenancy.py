"""Shops stay apart: what belongs to a row belongs to its shop."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

from doctor.check import ShopCheck, Trouble
from shops.models import Shop
from shops.tenancy import ShopRow
from webhooks.models import Attempt

NAMED = 100


def _astray(shop: Shop) -> Iterator[Trouble]:
    for field in REFERENCES:
        child, parent = field.model._meta, field.related_model._meta
        with transaction.atomic(), connection.cursor() as cursor:
            # A statement for a whole table ends with whoever asked, though that one is killed.
            cursor.execute(
                "SET LOCAL statement_timeout = '10min';"
                " SET LOCAL client_connection_check_interval = '1s'"
            )
            cursor.execute(
                f"SELECT child.id FROM {child.db_table} AS child"
                f" WHERE child.shop_id = %s AND child.{field.column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT FROM {parent.db_table} AS parent"
                f" WHERE parent.shop_id = %s AND parent.id = child.{field.column})"
                f" LIMIT {NAMED}",
                [shop.id, shop.id],
            )
            found = cursor.fetchall()
        for (row_id,) in found:
            yield Trouble(
                subject=f"{child.label_lower}/{field.name}/{row_id}",
                label=f"{child.verbose_name} {row_id}",
                detail=f"its {field.name} is missing, or another shop's",
            )


def _references() -> Iterator["models.ForeignKey[models.Model, models.Model]"]:
    """Those from a shop's row to another of its rows. Attempts may outlive their delivery."""
    for model in apps.get_models():
        if issubclass(model, ShopRow) and model is not Attempt:
            for field in model._meta.concrete_fields:
                if isinstance(field, models.ForeignKey) and issubclass(
                    field.related_model, ShopRow
                ):
                    yield field


REFERENCES = tuple(_references())

SHOPS_APART = ShopCheck(
    name="shops-apart",
    title="What a row belongs to is there, and is the same shop's",
    means="One shop may see what is another's, or a row leads nowhere.",
    advice="Rows were written past the services, or foreign keys were off in a restore. Nothing is "
    "mended by itself: find out where they came from first, then delete or restore them.",
    ask=_astray,
)
