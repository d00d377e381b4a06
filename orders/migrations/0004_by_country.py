from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0003_quicker_searches"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
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
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
