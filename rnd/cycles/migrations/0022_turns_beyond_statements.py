"""An entry's consumer works without a transaction around its statements: the session can hold the locks in between."""

from django.db import migrations

# As before; `by_session` says who holds the locks when it is over. Entries of a task that several of the tickets share
# come several times.
STORY = """
DROP FUNCTION cycles_story;
CREATE FUNCTION cycles_story(tickets bigint[], locks int, block int, since timestamptz, until timestamptz,
    by_session boolean)
RETURNS TABLE (
    type varchar, n bigint, id bigint, kind varchar, occurred_at timestamptz, recorded_at timestamptz, data jsonb,
    facets bigint[], tasks bigint[], words text[], numbers bigint[], moments timestamptz[],
    pass_us bigint[], visits smallint[], reached timestamptz[], bounds timestamptz[], readings int[]
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    earliest timestamptz;
    latest timestamptz;
    place int;
    waited boolean;
BEGIN
    IF cardinality(tickets) = 1 THEN
        -- An assignment is computed at once; to prepare a query takes longer than to answer it.
        place := tickets[1] / block;
        waited := CASE WHEN by_session THEN pg_advisory_lock(locks, place)
            ELSE pg_advisory_xact_lock(locks, place) END IS NULL;
    ELSE
        PERFORM CASE WHEN by_session THEN pg_advisory_lock(locks, place) ELSE pg_advisory_xact_lock(locks, place) END
        FROM (SELECT DISTINCT (ticket / block)::int AS place FROM unnest(tickets) AS ticket ORDER BY 1) AS places;
    END IF;
    IF since IS NOT NULL THEN
        SELECT min(recorded_from), max(recorded_to) INTO earliest, latest FROM cycles_loop
        WHERE ticket_id = ANY(tickets) HAVING count(recorded_from) = cardinality(tickets);
    END IF;
    earliest := coalesce(earliest, '-infinity');
    latest := coalesce(latest, 'infinity');
    RETURN QUERY SELECT subjects.type, subjects.n, entries.id, entries.kind, entries.occurred_at, entries.recorded_at,
        entries.data, NULL::bigint[], NULL::bigint[], NULL::text[], NULL::bigint[], NULL::timestamptz[],
        NULL::bigint[], NULL::smallint[], NULL::timestamptz[], NULL::timestamptz[], NULL::int[]
    FROM (
        SELECT 'ticket'::varchar AS type, unnest(tickets) AS n
        UNION ALL SELECT 'task', task_id FROM engineering_taskticket WHERE ticket_id = ANY(tickets)
    ) AS subjects, LATERAL (
        SELECT id, kind, occurred_at, recorded_at, data FROM journal_entry
        WHERE subject_type = subjects.type AND subject_id = subjects.n
        AND (recorded_at BETWEEN earliest AND latest OR recorded_at BETWEEN since AND until)
        OFFSET 0
    ) AS entries
    UNION ALL SELECT 'loop', asked.n, NULL, NULL, NULL, NULL, NULL,
        CASE WHEN t.id IS NOT NULL THEN
            ARRAY[t.programme_id, t.platform_id, t.component_id, t.hardware_id, t.team_id, t.release_id] END,
        ARRAY(SELECT task_id FROM engineering_taskticket WHERE ticket_id = asked.n),
        ARRAY[t.severity, p.time_zone, l.severity, l.excluded, l.current_stage, l.current_mode]::text[],
        ARRAY[l.ticket_id, l.programme_id, l.platform_id, l.component_id, l.hardware_id, l.team_id, l.release_id,
            l.fixed_by_id, l.total_us, l.transit_us, l.triage_us, l.queue_us, l.design_us, l.build_us, l.test_us,
            l.release_us, l.install_us, l.verify_us, l.active_us, l.waiting_us, l.blocked_us, l.rework_us,
            l.last_entry_id, l.passes, l.modes_recorded::int, l.moved_entries, l.definition],
        ARRAY[l.started_at, l.received_at, l.finished_at, l.first_finish_at, l.ended_at, l.current_since,
            l.running_since, l.recorded_from, l.recorded_to],
        l.pass_us, l.visits, l.reached, c.bounds, c.readings
    FROM unnest(tickets) AS asked (n)
    LEFT JOIN frontline_feedback_ticket t ON t.id = asked.n
    LEFT JOIN catalogue_programme p ON p.id = t.programme_id
    LEFT JOIN cycles_loop l ON l.ticket_id = asked.n
    LEFT JOIN cycles_course c ON c.loop_id = asked.n;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0021_story_of_tasks"),
    ]

    operations = [
        migrations.RunSQL(STORY),
    ]
