"""Two years of loops in the journal by set-based SQL: about seven entries each, as the verbs would write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from foundation.journal import partitions
from tests.cast import Cast, assemble

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 730

# Without what only search needs, which would take most of the time.
LIGHTER = """
DROP INDEX ticket_words; DROP INDEX ticket_similar_title;
SELECT setseed(0.5)
"""
# One line a ticket: when it was seen, and how long each step took (log-normal, as waiting mostly is).
WAYS = """
CREATE TEMP TABLE way AS
SELECT n, %(start)s + interval '1 second' * (n * %(span)s::float / %(count)s) AS seen, random() AS luck,
    random() AS kind, random() AS end_,
    interval '1 second' * (60 * exp(random() * 4)) AS transit, interval '1 hour' * exp(random() * 4) AS triage,
    interval '1 hour' * exp(random() * 5) AS queue, interval '1 hour' * exp(random() * 4) AS design,
    interval '1 hour' * exp(random() * 5) AS build, interval '1 hour' * exp(random() * 5) AS install,
    interval '1 hour' * exp(random() * 5) AS verify
FROM generate_series(1, %(count)s) n
"""
TICKETS = """
INSERT INTO frontline_feedback_ticket (id, client_uuid, content_digest, programme_id, team_id, reporter_id, language,
    title, body, conditions, platform_id, component_id, hardware_id, version_text, severity, state, outcome,
    closed_reason, pass_number, seen_at, received_at)
SELECT n, gen_random_uuid(), '', %(programme)s, CASE WHEN n %% 3 = 0 THEN %(east)s ELSE %(north)s END, %(reporter)s,
    'en', 'Link drops, case ' || n, '', '', %(platform)s,
    CASE WHEN n / 4 %% 2 = 0 THEN %(radio)s ELSE %(autopilot)s END, %(hardware)s, '', 'S' || 1 + n %% 4,
    'accepted', '', '', 1, seen, seen + transit
FROM way
"""
TASKS = """
INSERT INTO engineering_task (id, client_uuid, component_id, programme_id, title, body, stage, stage_since,
    blocked_reason, rank, opened_at)
SELECT n, gen_random_uuid(), CASE WHEN n / 4 %% 2 = 0 THEN %(radio)s ELSE %(autopilot)s END, %(programme)s,
    'Work ' || n, '', 'queue', seen, '', 0, seen + transit + triage
FROM way WHERE kind < 0.65;
INSERT INTO engineering_taskticket (task_id, ticket_id, linked_at)
SELECT n, n, seen + transit + triage FROM way WHERE kind < 0.65
"""
# Whoever was reported late in the two years is still on the way: nothing happens after their end.
ENTRIES = """
INSERT INTO journal_entry (subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, actor_name, data)
SELECT type, n, kind, at, at, 'user', 'Olena', data FROM (
    SELECT 'ticket' AS type, n, 'ticket.received' AS kind, seen + transit AS at, jsonb_build_object('key', 'FB-' || n,
        'programme_id', %(programme)s::int, 'team_id', %(north)s::int, 'platform_id', %(platform)s::int,
        'component_id', %(radio)s::int, 'hardware_id', %(hardware)s::int, 'severity', 'S2', 'release_id', NULL,
        'seen_at', to_char(seen AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) AS data FROM way
    UNION ALL
    SELECT 'ticket', n, CASE WHEN end_ < 0.05 THEN 'ticket.rejected' ELSE 'ticket.accepted' END,
        seen + transit + triage, '{"reason": "-"}' FROM way
    UNION ALL
    SELECT 'task', n, 'task.opened', seen + transit + triage, jsonb_build_object('key', 'ENG-' || n, 'component_id', 1,
        'team_id', CASE n %% 5 WHEN 0 THEN NULL WHEN 1 THEN %(bergen)s::int ELSE %(oslo)s::int END, 'title', 'Work')
        FROM way WHERE kind < 0.65
    UNION ALL
    SELECT 'task', n, 'task.linked', seen + transit + triage, jsonb_build_object('ticket_id', n) FROM way
        WHERE kind < 0.65
    UNION ALL
    SELECT 'task', n, 'task.assigned', seen + transit + triage + queue / 2, jsonb_build_object('assignee_id', 1,
        'team_id', %(oslo)s::int) FROM way WHERE kind < 0.2
    UNION ALL
    SELECT 'task', n, 'task.assigned', seen + transit + triage + queue / 4, jsonb_build_object('assignee_id', NULL,
        'team_id', %(bergen)s::int) FROM way WHERE kind < 0.03
    UNION ALL
    SELECT 'task', n, 'task.blocked', seen + transit + triage + queue + build / 4, jsonb_build_object('reason',
        'parts of kind ' || n %% 40) FROM way WHERE kind BETWEEN 0.1 AND 0.13
    UNION ALL
    SELECT 'task', n, 'task.unblocked', seen + transit + triage + queue + build / 2, '{}' FROM way
        WHERE kind BETWEEN 0.1 AND 0.13
    UNION ALL
    SELECT 'task', n, 'task.moved', seen + transit + triage + queue,
        jsonb_build_object('from_stage', 'queue', 'to_stage', (ARRAY['design', 'build', 'test'])[1 + n %% 3], 'cause',
        'person') FROM way WHERE kind < 0.65
    UNION ALL
    SELECT 'task', n, 'task.moved', seen + transit + triage + queue + build,
        '{"from_stage": "test", "to_stage": "done", "cause": "person"}' FROM way WHERE kind < 0.65
    UNION ALL
    SELECT 'ticket', n, 'ticket.fix_offered', seen + transit + triage + queue + build + design,
        '{"release_id": 1, "channel": "fleet", "version": "1"}' FROM way WHERE end_ > 0.1
    UNION ALL
    SELECT 'ticket', n, 'ticket.fix_installed', seen + transit + triage + queue + build + design + install,
        '{"release_id": 1, "installation_id": 1}' FROM way WHERE end_ > 0.1
    UNION ALL
    SELECT 'ticket', n, 'ticket.verdict_given', seen + transit + triage + queue + build + design + install + verify,
        jsonb_build_object('verdict_id', 1, 'release_id', 1, 'hardware_id', NULL, 'pass_number', 1, 'outcome',
            CASE WHEN luck < 0.1 THEN 'not_fixed' ELSE 'fixed' END) FROM way WHERE end_ > 0.1
) AS told WHERE at < %(end)s ORDER BY at
"""


def fill(count: int) -> Cast:
    """Write `count` tickets with their tasks and entries; the facts are left to whoever is measured."""
    cast = assemble()
    end = START + timedelta(days=DAYS)
    partitions.ensure(first=START.date(), last=end.date())
    values: dict[str, Any] = {
        "count": count, "start": START, "end": end, "span": DAYS * 86_400, "programme": cast.programme.pk,
        "north": cast.north.pk, "east": cast.east.pk, "reporter": cast.olena.pk, "platform": cast.platform.pk,
        "oslo": cast.oslo.pk, "bergen": cast.bergen.pk, "radio": cast.radio.pk, "autopilot": cast.autopilot.pk,
        "hardware": cast.rev_a.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute(LIGHTER)
        for statement in (WAYS, TICKETS, TASKS, ENTRIES):
            cursor.execute(statement, values)
        cursor.execute("DROP TABLE way")
        for table in ("frontline_feedback_ticket", "engineering_task"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})")
        cursor.execute("ANALYZE")
        cursor.execute("SET work_mem = DEFAULT")
    return cast
