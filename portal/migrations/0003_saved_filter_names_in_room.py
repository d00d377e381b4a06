import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """A name is taken in its room only. The table is small: nobody waits for the indexes."""

    dependencies = [("portal", "0002_saved_filter_room")]

    operations = [
        migrations.RemoveConstraint(model_name="savedfilter", name="saved_filter_name_of_person"),
        migrations.RemoveConstraint(model_name="savedfilter", name="saved_filter_name_of_shop"),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                models.F("shop"),
                models.F("owner"),
                models.F("room"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("owner__isnull", False)),
                name="saved_filter_name_of_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                models.F("shop"),
                models.F("room"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("owner", None)),
                name="saved_filter_name_of_shop",
            ),
        ),
    ]
