import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_drafts_and_photos")]

    operations = [
        migrations.CreateModel(
            name="ClaimEntry",
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
                        choices=[
                            ("filed", "Filed"),
                            ("changed", "Changed"),
                            ("decided", "Decided"),
                            ("reopened", "Opened again"),
                            ("assigned", "Assigned"),
                            ("noted", "Note"),
                            ("answered", "Answered by e-mail"),
                            ("ruled", "Rules"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("actor", models.CharField(blank=True, default="", max_length=255)),
                ("text", models.TextField(blank=True, default="")),
                ("details", models.JSONField(default=dict)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="claims.claim",
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
                "verbose_name_plural": "claim entries",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ClaimMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recipient", models.CharField(max_length=320)),
                ("subject", models.CharField(max_length=255)),
                ("body", models.TextField()),
                (
                    "due_at",
                    models.DateTimeField(help_text="None once it was sent or given up.", null=True),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, default="", max_length=255)),
                (
                    "entry",
                    models.OneToOneField(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail",
                        to="claims.claimentry",
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
        migrations.AddIndex(
            model_name="claimentry",
            index=models.Index(fields=["shop", "claim", "created_at"], name="entry_of_claim"),
        ),
        migrations.AddIndex(
            model_name="claimmail",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["shop", "due_at"],
                name="claim_mail_due",
            ),
        ),
    ]
