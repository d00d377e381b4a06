import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import claims.models
import common.ids


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_claims_outlive_parcels")]

    operations = [
        migrations.CreateModel(
            name="ClaimDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "flow",
                    models.CharField(
                        choices=[
                            ("defective", "Defective"),
                            ("not_received", "Not received"),
                            ("missing_product", "Missing product"),
                            ("wrong_product", "Wrong product"),
                            ("return", "Return"),
                            ("dissatisfied", "Dissatisfied"),
                            ("support", "Support"),
                        ],
                        max_length=16,
                    ),
                ),
                ("shipment_id", models.UUIDField(null=True)),
                ("answers", models.JSONField(default=dict, help_text="By step (claims.flows).")),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        help_text="What became of it.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orders.order",
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
        ),
        migrations.CreateModel(
            name="ClaimPhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "Photo"), ("signature", "Signature")],
                        default="photo",
                        max_length=9,
                    ),
                ),
                (
                    "is_optional",
                    models.BooleanField(
                        db_default=False, default=False, help_text="The flow did not ask for it."
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, default="", help_text="As it was sent.", max_length=255
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to=claims.models.stored_path)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField(help_text="In bytes.")),
                (
                    "digest",
                    models.CharField(
                        help_text="Of the picture: the same twice is one.", max_length=32
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="claims.claimdraft",
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
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="claimdraft",
            index=models.Index(fields=["shop", "order"], name="claim_draft_of_order"),
        ),
        migrations.AddIndex(
            model_name="claimdraft",
            index=models.Index(fields=["shop", "updated_at"], name="claim_draft_by_age"),
        ),
        migrations.AddIndex(
            model_name="claimphoto",
            index=models.Index(fields=["shop", "claim"], name="claim_photo_of_claim"),
        ),
        migrations.AddIndex(
            model_name="claimphoto",
            index=models.Index(fields=["shop", "draft"], name="claim_photo_of_draft"),
        ),
        migrations.AddConstraint(
            model_name="claimphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("claim__isnull", False), ("draft__isnull", False), _connector="OR"
                ),
                name="claim_photo_of_something",
            ),
        ),
    ]
