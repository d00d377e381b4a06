from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0006_keys_with_shop"),
    ]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="setup_ended_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Since then no page leads through setting it up.",
                null=True,
            ),
        ),
    ]
