from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NEWEST = (models.F("created_at").desc(), models.F("id").desc())


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shipments", "0007_shipments_on_their_way"),
    ]

    operations = [
        # Building an index takes minutes where there are millions of shipments; nobody is locked out.
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index("shop", *NEWEST, name="shipment_newest"),
        ),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index("shop", "phase", *NEWEST, name="shipment_by_phase"),
        ),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index("shop", "carrier_reference", *NEWEST, name="shipment_by_carrier"),
        ),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                models.F("shop"),
                models.F("flag"),
                *NEWEST,
                condition=~models.Q(flag="normal"),
                name="shipment_by_flag",
            ),
        ),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                models.F("shop"),
                *NEWEST,
                condition=models.Q(direction="customer_merchant"),
                name="shipment_coming_back",
            ),
        ),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
