import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("shops", "0002_languages_by_file"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="amount",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="amount"
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="answer",
            field=models.TextField(
                blank=True, db_default="", default="", help_text="What the customer was told last."
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="is_test",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Of a test parcel: no number counts it.",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="issue",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What the customer chose of the flow's first question (claims.flows).",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="signed_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Whose signature it is.",
                max_length=255,
            ),
        ),
    ]
