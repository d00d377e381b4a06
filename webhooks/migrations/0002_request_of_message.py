from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_webhooks_and_deliveries"),
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
