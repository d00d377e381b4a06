from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0002_orders_and_lines"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                models.F("shop"),
                Upper(KT("address__country_code")),
                models.F("order_placed_at").desc(),
                models.F("id").desc(),
                name="order_by_country",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=GinIndex(fields=["shop", "segments"], name="order_by_segment"),
        ),
    ]
