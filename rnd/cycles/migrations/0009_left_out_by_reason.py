"""What is left out, by reason and when it ended, in an index of its own: reports count it without reading the loops."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("cycles", "0008_team_blocks"),
        ("frontline_feedback", "0002_list_of_outcome"),
        ("releases", "0006_bundles_and_progress"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("excluded", ""), _negated=True),
                fields=["programme", "excluded"],
                include=("ended_at", "received_at", "ticket"),
                name="loop_excluded",
            ),
        ),
    ]
