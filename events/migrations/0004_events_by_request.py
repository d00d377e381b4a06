from django.db import migrations, models

from common.indexes import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("events", "0003_calls"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        AddIndexQuietly(
            model_name="event",
            index=models.Index(
                fields=["shop", "request_id"],
                name="event_of_request",
                condition=~models.Q(request_id=""),
            ),
        ),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
