from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

from common.indexes import AddIndexQuietly, RemoveIndexQuietly


class Migration(migrations.Migration):
    """By ZIP code, of which a big shop has thousands of orders, the newest first; by segment."""

    atomic = False

    dependencies = [
        ("orders", "0002_orders_and_lines"),
    ]

    operations = [
        # Building an index takes minutes where there are millions of orders, and locks nobody out.
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        AddIndexQuietly(
            model_name="order",
            index=models.Index(
                models.F("shop"),
                models.F("zip_code"),
                models.OrderBy(models.F("order_placed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="order_newest_by_zip_code",
            ),
        ),
        RemoveIndexQuietly(model_name="order", name="order_by_zip_code"),
        AddIndexQuietly(
            model_name="order",
            index=GinIndex(
                models.F("shop"),
                OpClass(models.F("search_text"), name="gin_trgm_ops"),
                models.F("segments"),
                name="order_by_text_or_segment",
            ),
        ),
        RemoveIndexQuietly(model_name="order", name="order_search"),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
