import django.core.validators
from django.db import migrations, models

NAME_THEM = "UPDATE campaigns_campaign SET code = 'campaign-' || replace(id::text, '-', '')"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_campaigns")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="code",
            field=models.CharField(
                default="",
                help_text="What its links say as utm_campaign, and by which orders may name it.",
                max_length=64,
                validators=[
                    django.core.validators.RegexValidator("\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z")
                ],
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(NAME_THEM, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(
                fields=("shop", "code"), name="campaign_code_in_shop"
            ),
        ),
    ]
