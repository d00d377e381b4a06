import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_claim_details")]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="shipment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="None once the parcel is no longer expected; the database empties it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="shipments.shipment",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE claims_claim ADD CONSTRAINT claim_of_parcel FOREIGN KEY (shipment_id) "
            "REFERENCES shipments_shipment (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE claims_claim DROP CONSTRAINT claim_of_parcel",
        ),
    ]
