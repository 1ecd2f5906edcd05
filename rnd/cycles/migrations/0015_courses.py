"""All segments of a loop in one row: what takes six rows of a table, and as many of its index, is written at once."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.expressions import RawSQL

PACK = """
INSERT INTO cycles_course (loop_id, bounds, readings)
SELECT ticket_id, array_prepend(started_at, coalesce(bounds, '{}')), coalesce(readings, '{}')
FROM cycles_loop LEFT JOIN (
    SELECT loop_id, array_agg(until ORDER BY ordinal) AS bounds, array_agg(32 * pass_number
        + 3 * (array_position('{transit,triage,queue,design,build,test,release,install,verify}'::text[], stage::text) - 1)
        + array_position('{active,waiting,blocked}'::text[], mode::text) - 1 ORDER BY ordinal) AS readings
    FROM cycles_segment GROUP BY loop_id
) AS packed ON loop_id = ticket_id
"""
# Each segment follows the one before it, as the clock gives every microsecond one stage.
UNPACK = """
DROP TABLE cycles_segment;
CREATE VIEW cycles_segment AS
SELECT bounds[1] AS began, loop_id, ordinal::int,
    ('{transit,triage,queue,design,build,test,release,install,verify}'::varchar[])[1 + reading % 32 / 3] AS stage,
    ('{active,waiting,blocked}'::varchar[])[1 + reading % 32 % 3] AS mode,
    (reading / 32)::smallint AS pass_number, since, until
FROM cycles_course, unnest(bounds[:cardinality(readings)], bounds[2:], readings)
    WITH ORDINALITY AS packed (since, until, reading, ordinal)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0014_story_of_tickets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "loop",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="course",
                        serialize=False,
                        to="cycles.loop",
                    ),
                ),
                ("bounds", django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
                ("readings", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=RawSQL(
                    "cardinality(bounds) = cardinality(readings) + 1", (), output_field=models.BooleanField()
                ),
                name="course_reads_between_its_bounds",
            ),
        ),
        migrations.RunSQL(PACK),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(UNPACK)],
            state_operations=[
                migrations.RemoveConstraint(model_name="segment", name="segment_forwards"),
                migrations.AlterModelOptions(name="segment", options={"managed": False}),
            ],
        ),
    ]
