"""The index of finished loops holds all that percentiles need."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("cycles", "0003_levels_and_history"),
        ("frontline_feedback", "0001_initial"),
        ("releases", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="loop",
            name="loop_finished",
        ),
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("excluded", ""), ("finished_at__isnull", False)),
                fields=["programme", "finished_at"],
                include=(
                    "component",
                    "platform",
                    "hardware",
                    "team",
                    "fixed_by",
                    "severity",
                    "passes",
                    "total_us",
                    "ticket",
                ),
                name="loop_finished",
            ),
        ),
    ]
