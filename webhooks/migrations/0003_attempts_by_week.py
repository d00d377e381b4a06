from django.db import migrations

from common.partition_migrations import CutByTime
from common.partitions import Span


class Migration(migrations.Migration):
    atomic = False  # what the table holds is looked over without locking anybody out

    dependencies = [
        ("webhooks", "0002_references_within_shop"),
        ("shops", "0006_keys_with_shop"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        CutByTime("webhooks_attempt", span=Span.WEEK),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
