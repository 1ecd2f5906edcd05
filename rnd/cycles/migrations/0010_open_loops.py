"""What is open, the oldest first, in an index that holds all that is counted of it; it takes the place of one of counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("cycles", "0009_left_out_by_reason"),
        ("frontline_feedback", "0002_list_of_outcome"),
        ("releases", "0006_bundles_and_progress"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="loop",
            name="loop_left_out",
        ),
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("excluded", ""), ("finished_at__isnull", True)),
                fields=["programme", "started_at", "ticket"],
                include=("severity", "current_stage", "current_since", "component", "platform", "team"),
                name="loop_open",
            ),
        ),
    ]
