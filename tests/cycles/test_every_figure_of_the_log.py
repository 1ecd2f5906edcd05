"""The public event log: measured by hand, as a baseline of the reports, and lived through as loops on every page."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal.kinds import Payload
from foundation.kit import clock
from frontline_feedback import kinds as told
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tasks, project_tickets, set_baseline
from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.facts.spans import refresh_spans
from rnd.cycles.pages import PAGES, document
from rnd.engineering import kinds as worked
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.slow import glance
from tests.cycles.slow.answer import Known
from tests.cycles.slow.comparing import compare
from tests.cycles.slow.figures import ALL, bounds, percentile
from tests.cycles.slow.life import lives
from tests.cycles.slow.log import Traced
from tests.cycles.slow.log import read as read_log
from tests.cycles.slow.plain import STAGES, Asked, Case, moment
from tests.cycles.slow.reader import read
from tests.cycles.slow_chance import Shape
from tests.cycles.slow_worlds import RandomWorld
from tests.cycles.test_every_figure import check_every_page, filters_of
from tests.cycles.test_history_readers import log_of_problems

pytestmark = pytest.mark.django_db
MAPPING = {
    "Queued/Awaiting Assignment": "queue",
    "Accepted/Assigned": "design",
    "Accepted/In Progress": "build",
    "Accepted/Wait": "test",
}


@pytest.fixture(scope="module")
def log() -> list[Traced]:
    return read_log(log_of_problems())


def imported(cast: Cast, folder: Path) -> None:
    """Bring the log in by the command, with a mapping of some of its states."""
    mapping = folder / "map.toml"
    mapping.write_text("[states]\n" + "".join(f'"{state}" = "{stage}"\n' for state, stage in MAPPING.items()))
    call_command(
        "import_history", str(log_of_problems()), format="xes", programme=cast.programme.slug, source="problems",
        mapping=str(mapping), stdout=StringIO(),
    )  # fmt: skip


def test_the_imported_figures_are_those_of_the_file(cast: Cast, tmp_path: Path, log: list[Traced]) -> None:
    imported(cast, tmp_path)
    out = StringIO()
    call_command("cycle_times", source="problems", json=True, stdout=out)
    (found,) = json.loads(out.getvalue())["histories"]
    totals = [case.total for case in log]
    for p in ALL:
        low, high = bounds(totals, p)
        shown = {"value_us": percentile(totals, p), "low_us": low, "high_us": high}
        assert found["percentiles"][f"p{int(p * 100)}"] == shown
    states: dict[str, int] = {}
    for case in log:
        for state, length in case.in_states().items():
            states[state] = states.get(state, 0) + length
    assert found["states_us"] == states
    stages = [
        sum(length or 0 for length in by_case) for by_case in zip(*(c.in_stages(MAPPING) for c in log), strict=True)
    ]
    assert found["stages_us"] == dict(zip(STAGES, stages, strict=True))
    assert found["unmapped_us"] == sum(totals) - sum(stages)
    assert (found["n"], found["unfinished"], found["total_us"]) == (len(log), 0, sum(totals))


def test_compression_against_the_log_is_that_of_the_file(cast: Cast, tmp_path: Path, log: list[Traced]) -> None:
    imported(cast, tmp_path)
    made = RandomWorld(cast, Shape(7, nasty=0, calm=True))
    first, last = moment(log[300].events[-1][0]).date(), moment(log[0].events[-1][0]).date()
    first, last = min(first, last) - timedelta(days=200), max(first, last)
    set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=first, last=last, source="problems")
    with clock.at(made.now):
        project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
        world = read()
        # Not what is stored of the cases: what stands in the file.
        world.cases = [
            Case(cast.programme.pk, "problems", case.events[-1][0], case.total, case.in_stages(MAPPING)) for case in log
        ]
        asked = Asked(programme=cast.programme.slug, zone=cast.programme.time_zone)
        found = document(PAGES["glance"], SYSTEM, filters_of(asked), {}, [])
        assert compare(found, glance.answer(Known(world, lives(world), asked))) > 100
    compressed = found.section("compression")
    assert compressed is not None
    assert compressed.table is not None
    assert compressed.table.foot is not None
    assert 100 < compressed.table.foot.values[1] < len(log)


class LoggedWorld(RandomWorld):
    """The newest cases of the log as loops: one ticket with one task each, through the states that they were in."""

    def __init__(self, cast: Cast, log: list[Traced], count: int) -> None:
        self.log = sorted(log, key=lambda case: case.events[0][0])[-count:]
        super().__init__(cast, Shape(11, tickets=0, nasty=0))

    def _write(self) -> None:
        self.things.clear()
        self.now = moment(max(case.events[-1][0] for case in self.log)) + timedelta(days=40)
        for place, case in enumerate(self.log):
            self._relive(place, case)
        super()._write()

    def _relive(self, place: int, case: Traced) -> None:
        begun = moment(case.events[0][0])
        cast, component = self.cast, [self.cast.autopilot, self.cast.radio][place % 2]
        ticket = Ticket.objects.create(
            programme=cast.programme, team=[cast.north, cast.east][place % 3 == 0], title=f"Problem {case.name}",
            platform=cast.platform, component=component, severity=f"S{1 + place % 4}", seen_at=begun,
            received_at=begun,
        )  # fmt: skip
        task = Task.objects.create(
            component=component, programme=cast.programme, title="Work", stage_since=begun, opened_at=begun
        )
        self.tickets.append(ticket)
        payload: dict[str, Any] = {
            "severity": ticket.severity,
            "platform_id": cast.platform.pk,
            "hardware_id": None,
            "release_id": None,
        }
        received = told.TicketReceived(
            key=ticket.key, programme_id=cast.programme.pk, team_id=ticket.team_id, component_id=component.pk,
            seen_at=begun, **payload,
        )  # fmt: skip
        opened = worked.TaskOpened(key=task.key, component_id=component.pk, team_id=cast.oslo.pk, title="Work")
        for thing, subject in ((received, ticket), (opened, task), (worked.TaskLinked(ticket_id=ticket.pk), task)):
            self._tell(begun, thing, subject, plain=True)
        for number, (at, state) in enumerate(case.events):
            for payload_of, subject in self._means(ticket, task, state, last=number == len(case.events) - 1):
                self._tell(moment(at), payload_of, subject, plain=True)

    def _means(self, ticket: Ticket, task: Task, state: str, *, last: bool) -> list[tuple[Payload, Ticket | Task]]:
        """What an event of the log means to a loop."""
        release = self.releases[ticket.component_id][0]
        if state.startswith("Completed") and last:
            return [
                (self._moved("done"), task),
                (told.TicketFixOffered(release_id=release.pk, channel="fleet", version="1"), ticket),
                (self._verdict(release, "fixed"), ticket),
            ]
        if state == "Accepted/Wait":
            return [(worked.TaskBlocked(reason="Wait"), task)]
        moves = {"Queued/Awaiting Assignment": "queue", "Accepted/Assigned": "design", "Accepted/In Progress": "build"}
        found: list[tuple[Payload, Ticket | Task]] = [(worked.TaskUnblocked(), task)]
        if state in moves:
            team = self.random.choice([self.cast.oslo.pk, self.cast.bergen.pk])
            found.append((worked.TaskAssigned(assignee_id=self.cast.magnus.pk, team_id=team), task))
            found += [(told.TicketAccepted(), ticket), (self._moved(moves[state]), task)]
        return found

    def _moved(self, stage: str) -> worked.TaskMoved:
        return worked.TaskMoved.model_validate({"from_stage": "queue", "to_stage": stage, "cause": "person"})


def test_every_page_over_the_cases_of_the_log(cast: Cast, log: list[Traced]) -> None:
    with transaction.atomic():
        made = LoggedWorld(cast, log, 150)
        with clock.at(made.now):
            project_tickets(ticket_ids=[ticket.pk for ticket in made.tickets])
            project_tasks(task_ids=list(Task.objects.values_list("pk", flat=True)))
            refresh_spans()
            refresh_work()
            refresh_loops()
            mine = Asked(programme=cast.programme.slug, zone=cast.programme.time_zone, by="week")
            numbers = check_every_page(read(), [mine, Asked(severity="S2")])
    assert all(count > 30 for count in numbers.values()), numbers
    assert numbers["glance"] > 200
