from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "9002_orders_by_gift_note")]

    operations = [
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("gift_note"), 500),
                name="order_gift_note_is_short",
            ),
        ),
        ValidateConstraint("order", "order_gift_note_is_short"),
    ]
