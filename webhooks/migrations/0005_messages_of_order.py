from django.db import migrations, models

from common.indexes import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("webhooks", "0004_request_of_message"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        AddIndexQuietly(
            model_name="message",
            index=models.Index(fields=["shop", "order_id"], name="message_of_order"),
        ),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
