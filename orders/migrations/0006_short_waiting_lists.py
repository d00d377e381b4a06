from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

NAME = "order_by_text_or_segment"
ON = (models.F("shop"), OpClass(models.F("search_text"), name="gin_trgm_ops"), models.F("segments"))


class Migration(migrations.Migration):
    """The order that fills the list of what waits to be indexed puts all of it into the index.

    Of 4 MB, that took a tenth of a second once in 3,000 orders; of 64 KB it takes five milliseconds.
    """

    dependencies = [
        ("orders", "0005_test_orders"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER INDEX {NAME} SET (gin_pending_list_limit = 64)",
                    f"ALTER INDEX {NAME} RESET (gin_pending_list_limit)",
                ),
            ],
            state_operations=[
                migrations.RemoveIndex("order", NAME),
                migrations.AddIndex("order", GinIndex(*ON, name=NAME, gin_pending_list_limit=64)),
            ],
        ),
    ]
