from django.db import migrations

from common.partition_migrations import CutByTime
from common.partitions import Span


class Migration(migrations.Migration):
    """By the month of their orders, whose ids the unique constraint holds."""

    atomic = False  # the new key is built beside the table, which is then looked over unlocked

    dependencies = [
        ("engagement", "0004_references_within_shop"),
        ("shops", "0006_keys_with_shop"),
        ("analytics", "0003_marks"),
    ]

    operations = [
        migrations.RunSQL("SET statement_timeout = 0", "RESET statement_timeout"),
        CutByTime("engagement_pageaction", span=Span.MONTH, key="order_id"),
        migrations.RunSQL("RESET statement_timeout", "SET statement_timeout = 0"),
    ]
