from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_campaign_codes")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="deleted_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Gone for everybody; the orders it brought still count.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=Q(("deleted_at", None), ("is_enabled", False), _connector="OR"),
                name="campaign_deleted_is_off",
            ),
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["shop", "discount"], name="campaign_of_discount"),
        ),
    ]
