"""What is counted of data quality, in indexes of its own: hardly any loop is in them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0012_where_entries_lie"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("moved_entries__gt", 0)),
                fields=["programme", "ticket"],
                include=("moved_entries",),
                name="loop_moved",
            ),
        ),
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("definition", 1), _negated=True), fields=["programme"], name="loop_outdated"
            ),
        ),
    ]
