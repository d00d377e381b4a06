from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shipments", "0002_carrier_match"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="phase_since",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="shipment",
            name="phase_scan_id",
            field=models.UUIDField(
                editable=False, help_text="The newest scan: the phase is what it says.", null=True
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="last_scan_at",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="When the newest scan was made.", null=True
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="pickup",
            field=models.JSONField(
                blank=True,
                editable=False,
                help_text="Where it waits or was left: type, name, address, url, opening_hours, date_to.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="A test parcel: its scans are made up, and no number counts it.",
            ),
        ),
    ]
