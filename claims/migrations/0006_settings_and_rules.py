import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_history_and_mails")]

    operations = [
        migrations.CreateModel(
            name="ClaimRule",
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
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("partial_damage", "Partial damage"),
                                ("damage", "Damage"),
                                ("investigation", "Investigation"),
                                ("support", "Support"),
                                ("return", "Return"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "flows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "most_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=18,
                        null=True,
                        verbose_name="amount at most",
                    ),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("most_earlier", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("least_earlier", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("earlier_days", models.PositiveSmallIntegerField(default=365)),
                ("needs_photo", models.BooleanField(default=False)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("accept", "Accept it"),
                            ("reject", "Reject it"),
                            ("leave", "Leave it to people"),
                        ],
                        max_length=6,
                    ),
                ),
                ("answer", models.TextField(blank=True, default="")),
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
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ClaimSettings",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "flows_off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("complaint_days", models.PositiveSmallIntegerField(default=30)),
                ("return_days", models.PositiveSmallIntegerField(default=30)),
                ("missing_after_days", models.PositiveSmallIntegerField(default=10)),
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
                "verbose_name_plural": "claim settings",
            },
        ),
        migrations.AddIndex(
            model_name="claimrule",
            index=models.Index(fields=["shop", "position"], name="claim_rule_in_order"),
        ),
        migrations.AddConstraint(
            model_name="claimsettings",
            constraint=models.UniqueConstraint(fields=("shop",), name="claim_settings_of_shop"),
        ),
    ]
