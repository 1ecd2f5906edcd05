"""Between when the entries of a loop were recorded, and a function that reads those of a few tickets from there."""

from django.db import migrations, models

# In one call, because each statement costs as much as the next. What follows the lock sees what its last holder wrote.
# `since` and `until` say when the new entries were recorded: those before them lie where their loops say. Where a loop
# does not say so, and where `since` is null because entries of other subjects may count now, all months are read.
ENTRIES = """
CREATE FUNCTION cycles_entries(tickets bigint[], locks int, blocks int[], since timestamptz, until timestamptz)
RETURNS TABLE (
    type varchar, n bigint, id bigint, kind varchar, occurred_at timestamptz, recorded_at timestamptz, data jsonb
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    earliest timestamptz;
    latest timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(locks, block), set_config('plan_cache_mode', 'force_generic_plan', true)
    FROM unnest(blocks) AS block;
    IF since IS NOT NULL THEN
        SELECT min(recorded_from), max(recorded_to) INTO earliest, latest FROM cycles_loop
        WHERE ticket_id = ANY(tickets) HAVING count(recorded_from) = cardinality(tickets);
    END IF;
    earliest := coalesce(earliest, '-infinity');
    latest := coalesce(latest, 'infinity');
    RETURN QUERY SELECT subjects.type, subjects.n, entries.* FROM (
        SELECT 'ticket'::varchar AS type, unnest(tickets) AS n
        UNION ALL SELECT DISTINCT 'task', task_id FROM engineering_taskticket WHERE ticket_id = ANY(tickets)
    ) AS subjects, LATERAL (
        SELECT id, kind, occurred_at, recorded_at, data FROM journal_entry
        WHERE subject_type = subjects.type AND subject_id = subjects.n
        AND (recorded_at BETWEEN earliest AND latest OR recorded_at BETWEEN since AND until)
        OFFSET 0
    ) AS entries;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0011_work_of_tasks"),
        ("engineering", "0001_initial"),
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="loop",
            name="recorded_from",
            field=models.DateTimeField(help_text="when the first entry that was read for it was recorded", null=True),
        ),
        migrations.AddField(
            model_name="loop",
            name="recorded_to",
            field=models.DateTimeField(help_text="when the last entry that was read for it was recorded", null=True),
        ),
        migrations.RunSQL(ENTRIES, "DROP FUNCTION cycles_entries"),
    ]
