from django.db import migrations, models

from tests.faults.next_release.orders_migrations import LAST_OF_TODAY


class Migration(migrations.Migration):
    dependencies = [("orders", LAST_OF_TODAY)]

    operations = [
        migrations.AddField("order", "gift_note", models.TextField(blank=True, db_default="")),
    ]
