"""Finished loops by column: sorted values and sums of a few days and one kind of loop together."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Short runs of numbers stay in their row, and nothing packs them: they are searched in place.
STORED = """
ALTER TABLE cycles_block ALTER COLUMN numbers SET STORAGE EXTERNAL;
ALTER TABLE cycles_block SET (toast_tuple_target = 8160);
"""
# All of them stale, so that readers read the loops until the blocks are computed.
SLABS = """
INSERT INTO cycles_slab (programme_id, first, since, until, version, computed)
SELECT DISTINCT programme_id, first, first::timestamp AT TIME ZONE zone, following::timestamp AT TIME ZONE zone, 1, 0
FROM (
    SELECT f.programme_id, p.time_zone AS zone,
        greatest(date_trunc('week', f.day), date_trunc('month', f.day))::date AS first,
        least(date_trunc('week', f.day) + interval '7 days', date_trunc('month', f.day) + interval '1 month')::date
            AS following
    FROM cycles_flow f JOIN catalogue_programme p ON p.id = f.programme_id WHERE f.finished <> 0
) AS days
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("cycles", "0006_level_watchers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id",
                        "measure",
                        "first",
                        "component_id",
                        "platform_id",
                        "severity",
                        "passes",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("programme_id", models.BigIntegerField()),
                ("measure", models.SmallIntegerField()),
                ("first", models.DateField(help_text="of its slab")),
                ("component_id", models.BigIntegerField()),
                ("platform_id", models.BigIntegerField()),
                ("severity", models.CharField(max_length=2)),
                ("passes", models.PositiveSmallIntegerField()),
                ("n", models.IntegerField()),
                (
                    "numbers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slab",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id", "first", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.programme",
                    ),
                ),
                ("first", models.DateField(help_text="its first day")),
                ("since", models.DateTimeField(help_text="when that day begins in the programme's zone")),
                ("until", models.DateTimeField(help_text="when the day behind its last one begins")),
                ("version", models.BigIntegerField(default=1)),
                ("computed", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("computed__lt", models.F("version"))), fields=["first"], name="slab_stale"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="loop",
            index=models.Index(
                condition=models.Q(("excluded", ""), ("finished_at__isnull", False)),
                fields=["programme", "total_us", "ticket"],
                name="loop_longest",
            ),
        ),
        migrations.RunSQL(STORED, migrations.RunSQL.noop),
        migrations.RunSQL(SLABS, migrations.RunSQL.noop),
    ]
