from django.db import migrations, models


class Migration(migrations.Migration):
    """Facts recorded before there was a relay were told to nobody, and will not be."""

    dependencies = [
        ("events", "0001_events"),
    ]

    operations = [
        # PostgreSQL keeps the default of the moment for the rows that are there: none is rewritten.
        migrations.AddField(
            model_name="event",
            name="is_relayed",
            field=models.BooleanField(
                db_default=True,
                default=False,
                editable=False,
                help_text="Whoever is to be told of it has been found (events.relay).",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="is_relayed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Whoever is to be told of it has been found (events.relay).",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("is_relayed", False)),
                fields=["shop", "created_at"],
                name="event_unrelayed",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                models.F("shop"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="event_newest",
            ),
        ),
    ]
