"""The index of open loops holds all that reports filter by, and when they came to each stage: no rows are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0017_columns"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="loop", name="loop_open"),
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("excluded", ""), ("finished_at__isnull", True)),
                fields=["programme", "started_at", "ticket"],
                include=(
                    "severity",
                    "current_stage",
                    "current_since",
                    "component",
                    "platform",
                    "hardware",
                    "team",
                    "fixed_by",
                    "passes",
                    "reached",
                    "finished_at",
                ),
                name="loop_open",
            ),
        ),
    ]
