from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shipments", "0003_newest_scan"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="arrival_start",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="shipment",
            name="arrival_end",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="shipment",
            name="arrival_source",
            field=models.CharField(
                blank=True,
                choices=[("carrier", "The carrier"), ("history", "The shop’s earlier deliveries")],
                db_default="",
                default="",
                editable=False,
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="promised_start",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="The first window that was told.", null=True
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="promised_end",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
