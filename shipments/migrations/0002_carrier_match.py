from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shipments", "0001_shipments_and_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="carrier_confidence",
            field=models.FloatField(
                db_default=0,
                default=0,
                editable=False,
                help_text="How sure the match is, 0–1; 1 where the shop or a person named the carrier.",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="carrier_reason",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=255
            ),
        ),
    ]
