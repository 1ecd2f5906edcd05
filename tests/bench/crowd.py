"""Fills the database with many tickets, quickly: rows and journal entries by set-based SQL, facts by their consumer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client

from foundation.journal import registry
from foundation.journal.positions import horizon
from foundation.journal.running import run
from tests.cast import Cast, assemble

# A year of reports: a third still open, each accepted after a day. Words come in every mixture, so that a search has
# common ones and rare pairs to find, in three languages.
WHAT = """Link,Video,Telemetry,Compass,Gimbal,Battery,Motor 2,Autopilot,Receiver,Antenna,Камера,Зв’язок,Мотор,Kompass,
Batteri,Sensor"""
DOES = """drops,freezes,restarts,drifts,overheats,vibrates,loses lock,reads zero,зникає,перезапускається,henger,
starter om"""
WHEN = """in the cold,after take-off,near trees,above 400 m,in heavy rain,after landing,on channel 7,when turning fast,
at dusk,взимку,після зльоту,над водою,i kulda,etter start,ved landing,behind the hill,on the second flight,
at full load"""
TICKETS = """
INSERT INTO frontline_feedback_ticket (client_uuid, content_digest, programme_id, team_id, reporter_id, language, title,
    body, conditions, platform_id, component_id, hardware_id, version_text, severity, state, outcome, closed_reason,
    pass_number, seen_at, received_at)
SELECT gen_random_uuid(), '', %(programme)s, CASE WHEN n / 3 %% 3 = 0 THEN %(east)s ELSE %(north)s END,
    %(reporter)s, 'en',
    w.what[1 + n %% 16] || ' ' || w.does[1 + n / 16 %% 12] || ' ' || w.at[1 + n / 192 %% 18],
    'It ' || w.does[1 + n %% 12] || ' ' || w.at[1 + n / 12 %% 18] || '.', '', %(platform)s,
    CASE WHEN n %% 2 = 0 THEN %(radio)s ELSE %(autopilot)s END, %(hardware)s, '1.' || n %% 40, 'S' || 1 + n %% 4,
    CASE WHEN n %% 3 = 0 THEN 'accepted' ELSE 'closed' END, CASE WHEN n %% 3 = 0 THEN '' ELSE 'answered' END, '',
    1, t - interval '2 hours', t
FROM generate_series(1, %(count)s) n, LATERAL (SELECT now() - interval '300 days' * (1 - n::float / %(count)s)) d(t),
    (SELECT %(what)s::text[] AS what, %(does)s::text[] AS does, %(when)s::text[] AS at) w
"""
RECEIVED = """
INSERT INTO journal_entry
    (subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, actor_name, team_id, data)
SELECT 'ticket', id, 'ticket.received', received_at, received_at, 'user', 'Olena', team_id, jsonb_build_object(
    'key', 'FB-' || id, 'programme_id', programme_id, 'team_id', team_id, 'platform_id', platform_id, 'component_id',
    component_id, 'hardware_id', hardware_id, 'severity', severity, 'seen_at', to_char(seen_at AT TIME ZONE 'UTC',
    'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'release_id', NULL)
FROM frontline_feedback_ticket
"""
LATER = """
INSERT INTO journal_entry
    (subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, actor_name, team_id, data)
SELECT 'ticket', id, {kind}, received_at + interval {after}, received_at + interval {after}, 'user', 'Ingrid', team_id,
    {data}::jsonb
FROM frontline_feedback_ticket WHERE {which}
"""


@dataclass
class Crowd:
    """The filled world, and the requests that are measured on it."""

    cast: Cast
    middle: int

    def requests(self) -> dict[str, Callable[[], Any]]:
        """Give each request as something to call; each checks that it was answered."""
        browser, program = self.cast.client_of("ingrid"), self.cast.api_client_of("olena")
        return {
            "list of tickets": lambda: _answered(browser.get("/tickets/?tab=all")),
            "page of a ticket": lambda: _answered(browser.get(f"/FB-{self.middle}")),
            "list, of a rare outcome": lambda: _answered(browser.get("/tickets/?tab=all&outcome=rejected")),
            "list, searched": lambda: _answered(browser.get("/tickets/?tab=all&q=compass+drifting")),
            "list, searched with a slip": lambda: _answered(browser.get("/tickets/?tab=all&q=telemtry+freses")),
            "what a ticket may be merged into": lambda: _answered(browser.get(f"/FB-{self.middle}/merge-candidates")),
            "API: list of tickets": lambda: _answered(program.get("/api/v1/feedback/")),
            "API: report a ticket": lambda: _answered(self._report(program)),
        }

    def _report(self, program: Client) -> Any:
        body = {
            "client_uuid": str(uuid4()),
            "team": self.cast.north.slug,
            "title": "Link drops",
            "platform": self.cast.platform.slug,
            "component": self.cast.radio.slug,
            "severity": "S2",
            "seen_at": "2026-01-02T03:04:05Z",
        }
        return program.post("/api/v1/feedback/", body, content_type="application/json")


def fill(count: int) -> Crowd:
    """Make `count` tickets with their journal and their facts."""
    cast = assemble()
    values: dict[str, Any] = {
        "count": count, "programme": cast.programme.pk, "north": cast.north.pk, "east": cast.east.pk,
        "reporter": cast.olena.pk, "platform": cast.platform.pk, "radio": cast.radio.pk,
        "autopilot": cast.autopilot.pk, "hardware": cast.rev_a.pk, "what": _list(WHAT), "does": _list(DOES),
        "when": _list(WHEN),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TICKETS, values)
        cursor.execute(RECEIVED)
        cursor.execute(LATER.format(kind="'ticket.accepted'", after="'1 day'", data="'{}'", which="true"))
        closed = """'{"outcome": "answered", "reason": "See the handbook."}'"""
        cursor.execute(LATER.format(kind="'ticket.closed'", after="'9 days'", data=closed, which="state = 'closed'"))
        cursor.execute("ANALYZE")
        cursor.execute("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY id) FROM frontline_feedback_ticket")
        middle = cursor.fetchone()[0]
    began = time.perf_counter()
    outcome = run(registry.named("cycles.project"), below=horizon())
    took = time.perf_counter() - began
    sys.stdout.write(f"facts of {count:,} tickets from {outcome.handled:,} entries: {count / took:,.0f} tickets/s\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum, which rests here, leaves an older table
    return Crowd(cast, middle)


def _list(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


def _answered(response: Any) -> Any:
    assert response.status_code in {200, 201}, (response.status_code, response.content[:400])
    return response
