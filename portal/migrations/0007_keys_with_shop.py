from django.db import migrations

from common.shop_keys import PrimaryKeyWithShop


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_staff_visits"),
    ]

    operations = [
        PrimaryKeyWithShop("portal_chosencolumns"),
        PrimaryKeyWithShop("portal_staffvisit"),
    ]
