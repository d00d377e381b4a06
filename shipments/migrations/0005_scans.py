import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("shipments", "0004_arrival"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        help_text="What the sender calls it; the same again is the same scan.",
                        max_length=255,
                    ),
                ),
                ("event_name", models.CharField(max_length=64)),
                ("event_time", models.DateTimeField()),
                (
                    "timezone",
                    models.CharField(blank=True, db_default="", default="", max_length=64),
                ),
                (
                    "location",
                    models.CharField(blank=True, db_default="", default="", max_length=255),
                ),
                ("additional_info", models.TextField(blank=True, db_default="", default="")),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("order_created", "Expected"),
                            ("order_processed", "Announced to the carrier"),
                            ("in_transit", "In transit"),
                            ("in_delivery", "Out for delivery"),
                            ("collect", "Ready for pick-up"),
                            ("delivered", "Delivered"),
                            ("delivery_failed", "Delivery failed"),
                            ("returned", "Returned to sender"),
                            ("return_created", "Return announced"),
                            ("return_transit", "Return in transit"),
                            ("return_received", "Return received"),
                            ("return_failed", "Return failed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("late", "Late"),
                            ("duplicate", "Duplicate"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "feed",
                    models.CharField(
                        choices=[
                            ("api", "The shop"),
                            ("aftership", "AfterShip"),
                            ("easypost", "EasyPost"),
                            ("carrier", "The carrier"),
                            ("simulator", "The journey simulator"),
                        ],
                        default="api",
                        max_length=9,
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="shipments.shipment",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "ordering": ["-event_time", "-id"],
                "indexes": [
                    models.Index(fields=["shop", "shipment", "event_time"], name="scan_of_shipment")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "shipment", "external_id"), name="scan_once_in_shipment"
                    )
                ],
            },
        ),
    ]
