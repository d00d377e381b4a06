from django.db import migrations


class Migration(migrations.Migration):
    """An index on the audit's own table, which other packages' models cannot declare."""

    dependencies = [
        ("auditlog", "0017_add_actor_email"),
        ("shops", "0003_invitations"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE INDEX edit_of_shop ON auditlog_logentry"
            " ((additional_data ->> 'shop'), id DESC)",
            reverse_sql="DROP INDEX edit_of_shop",
        ),
    ]
