from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Upper

from common.indexes import AddIndexQuietly


class Migration(migrations.Migration):
    """Orders are found by what was bought."""

    atomic = False

    dependencies = [
        ("orders", "0007_references_within_shop"),
    ]

    operations = [
        # Building an index takes minutes where there are millions of lines, and locks nobody out.
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        AddIndexQuietly(
            model_name="orderline",
            index=models.Index(
                models.F("shop"),
                OpClass(Upper("sku"), name="text_pattern_ops"),
                models.OrderBy(models.F("id"), descending=True),
                condition=~models.Q(sku=""),
                name="line_by_sku",
            ),
        ),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
