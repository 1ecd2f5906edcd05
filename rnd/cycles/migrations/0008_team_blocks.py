"""Finished loops by column once more, for each reporting team."""

import django.contrib.postgres.fields
from django.db import migrations, models

# As of the other blocks.
STORED = """
ALTER TABLE cycles_teamblock ALTER COLUMN numbers SET STORAGE EXTERNAL;
ALTER TABLE cycles_teamblock SET (toast_tuple_target = 8160);
"""
# All slabs stale, so that readers read the loops until these blocks too are computed.
STALE = "UPDATE cycles_slab SET version = version + 1"


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0007_blocks"),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id",
                        "measure",
                        "first",
                        "team_id",
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
                ("team_id", models.BigIntegerField()),
                ("passes", models.PositiveSmallIntegerField()),
                ("n", models.IntegerField()),
                (
                    "numbers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
            ],
        ),
        migrations.RunSQL(STORED, migrations.RunSQL.noop),
        migrations.RunSQL(STALE, migrations.RunSQL.noop),
    ]
