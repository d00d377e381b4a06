from django.db import migrations


class Migration(migrations.Migration):
    """Shops that were there before the page that leads through setting one up need it no more."""

    dependencies = [
        ("shops", "0007_setup_ended_at"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE shops_shop SET setup_ended_at = now()",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
