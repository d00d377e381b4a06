from django.db import migrations, models


def _text(length, **more):
    return models.CharField(blank=True, db_default="", default="", max_length=length, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_relay"),
    ]

    operations = [
        migrations.AddField("event", "via", _text(8)),
        migrations.AddField("event", "call", _text(128, help_text="Such as PUT /orders.")),
        migrations.AddField("event", "key_hint", _text(8)),
    ]
