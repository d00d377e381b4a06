from django.db import migrations

from common.partition_migrations import CutByTime
from common.partitions import Span


class Migration(migrations.Migration):
    atomic = False  # what the table holds is looked over without locking anybody out

    dependencies = [
        ("events", "0004_events_by_request"),
        ("shops", "0006_keys_with_shop"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        CutByTime("events_event", span=Span.MONTH),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
