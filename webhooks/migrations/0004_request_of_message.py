from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0003_attempts_by_week"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="request_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="In which the event happened.",
                max_length=128,
            ),
        ),
    ]
