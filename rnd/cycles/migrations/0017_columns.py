"""Finished loops and the work of tasks by column, packed for being counted, in place of blocks of sorted values."""

from django.db import migrations, models

# The numbers are read whole, and often: nothing is won by making them smaller.
STORED = """
ALTER TABLE cycles_loopcolumn ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE cycles_workcolumn ALTER COLUMN packed SET STORAGE EXTERNAL
"""
# All of them stale, so that readers read the rows until the columns are computed.
STALE = "UPDATE cycles_slab SET version = version + 1; UPDATE cycles_workslab SET version = version + 1"


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0016_quick_to_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoopColumn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id", "first", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("programme_id", models.BigIntegerField()),
                ("first", models.DateField(help_text="of its slab")),
                ("name", models.CharField(max_length=16)),
                ("packed", models.BinaryField(help_text="numbers of 32 or 64 bits, as PostgreSQL sends them")),
            ],
        ),
        migrations.CreateModel(
            name="WorkColumn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "programme_id",
                        "first",
                        "kind",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("programme_id", models.BigIntegerField()),
                ("first", models.DateField(help_text="of its week")),
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=20)),
                ("packed", models.BinaryField(help_text="numbers of 32 or 64 bits, as PostgreSQL sends them")),
            ],
        ),
        migrations.RunSQL(STORED, migrations.RunSQL.noop),
        migrations.RunSQL(STALE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Block"),
        migrations.DeleteModel(name="TeamBlock"),
        migrations.DeleteModel(name="WorkBlock"),
        migrations.RemoveField(model_name="workslab", name="last_at"),
    ]
