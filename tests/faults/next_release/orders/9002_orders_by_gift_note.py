from django.db import migrations, models

from common.indexes import AddIndexQuietly


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "9001_gift_note")]

    operations = [
        AddIndexQuietly("order", models.Index("shop", "gift_note", name="order_by_gift_note")),
        AddIndexQuietly("orderline", models.Index("shop", "sku", "id", name="line_by_sku_and_id")),
    ]
