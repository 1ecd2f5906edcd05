"""What reports of work count of tasks, kept beside the journal, and summed up by week."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Short runs of numbers stay in their row, and nothing packs them: they are searched in place.
STORED = """
ALTER TABLE cycles_workblock ALTER COLUMN numbers SET STORAGE EXTERNAL, ALTER COLUMN tasks SET STORAGE EXTERNAL;
ALTER TABLE cycles_workblock SET (toast_tuple_target = 8160);
"""
# Workers fill in the tasks that are there already; until then reports of work read the journal itself.
FILLING = """
INSERT INTO cycles_filling (name, behind, upto)
SELECT 'task parts', 0, coalesce(max(id), 0) FROM engineering_task
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0010_open_loops"),
        ("engineering", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Filling",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("behind", models.BigIntegerField(default=0)),
                ("upto", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="TaskPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "task_id",
                        "kind",
                        "at",
                        "team_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("task_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("team_id", models.BigIntegerField(default=0, help_text="0: nobody's")),
                ("programme_id", models.BigIntegerField()),
                ("component_id", models.BigIntegerField()),
                ("until", models.DateTimeField(null=True)),
                ("other_id", models.BigIntegerField(help_text="the team that it went to", null=True)),
                ("reason", models.TextField(null=True)),
                ("us", models.BigIntegerField(null=True)),
                ("active_us", models.BigIntegerField(null=True)),
                ("waiting_us", models.BigIntegerField(null=True)),
                ("blocked_us", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["programme_id", "at"], name="taskpart_when"),
                    models.Index(
                        condition=models.Q(("kind", "blocked")), fields=["programme_id", "at"], name="taskpart_blocked"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id",
                        "first",
                        "component_id",
                        "kind",
                        "team_id",
                        "other_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("programme_id", models.BigIntegerField()),
                ("first", models.DateField(help_text="of its slab")),
                ("component_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("team_id", models.BigIntegerField()),
                ("other_id", models.BigIntegerField(help_text="0 where nothing was handed over")),
                ("n", models.IntegerField()),
                ("numbers", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("sums", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("tasks", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name="WorkSlab",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id", "first", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme_id", models.BigIntegerField()),
                ("first", models.DateField(help_text="its Monday")),
                ("last_at", models.DateTimeField(help_text="of its last part, where it is computed", null=True)),
                ("version", models.BigIntegerField(default=1)),
                ("computed", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("computed__lt", models.F("version"))),
                        fields=["first"],
                        name="workslab_stale",
                    )
                ],
            },
        ),
        migrations.RunSQL(STORED, migrations.RunSQL.noop),
        migrations.RunSQL(FILLING, migrations.RunSQL.noop),
    ]
