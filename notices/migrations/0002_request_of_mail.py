from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_notices_and_mails"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="request_id",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="In which the event happened.",
                max_length=128,
            ),
        ),
    ]
