from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_saved_filters")]

    operations = [
        migrations.AddField(
            model_name="savedfilter",
            name="room",
            field=models.CharField(
                choices=[
                    ("shipments", "The list of shipments"),
                    ("analytics", "The numbers"),
                ],
                db_default="shipments",
                default="shipments",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="savedfilter",
            name="query",
            field=models.CharField(help_text="The query string of the page.", max_length=2000),
        ),
    ]
