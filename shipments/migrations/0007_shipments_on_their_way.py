import django.db.models.functions.comparison
from django.db import migrations, models

from common.indexes import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shipments", "0006_transit_history"),
    ]

    operations = [
        AddIndexQuietly(
            model_name="shipment",
            index=models.Index(
                models.F("shop"),
                models.F("arrival_end"),
                condition=models.Q(
                    (
                        "phase__in",
                        [
                            "delivery_failed",
                            "in_delivery",
                            "in_transit",
                            "order_processed",
                            "return_created",
                            "return_transit",
                        ],
                    )
                ),
                name="shipment_due",
            ),
        ),
        AddIndexQuietly(
            model_name="shipment",
            index=models.Index(
                models.F("shop"),
                django.db.models.functions.comparison.Coalesce(
                    models.F("last_scan_at"), models.F("tracking_placed_at")
                ),
                condition=models.Q(
                    (
                        "phase__in",
                        [
                            "delivery_failed",
                            "in_delivery",
                            "in_transit",
                            "order_processed",
                            "return_created",
                            "return_transit",
                        ],
                    )
                ),
                name="shipment_silent",
            ),
        ),
        AddIndexQuietly(
            model_name="shipment",
            index=models.Index(
                models.F("shop"),
                models.OrderBy(models.F("delivered_at"), descending=True),
                condition=models.Q(("phase", "delivered")),
                name="shipment_delivered",
            ),
        ),
    ]
