from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Right

from common.indexes import AddIndexQuietly


class Migration(migrations.Migration):
    """Customers without an e-mail are found by their phone."""

    atomic = False

    dependencies = [
        ("orders", "0009_erased_orders"),
    ]

    operations = [
        AddIndexQuietly(
            model_name="order",
            index=models.Index(
                models.F("shop"),
                Right(
                    models.Func(
                        KT("address__phone"),
                        models.Value(r"\D"),
                        models.Value(""),
                        models.Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    7,
                ),
                models.OrderBy(models.F("order_placed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(email_id=""),
                name="order_by_phone",
            ),
        ),
    ]
