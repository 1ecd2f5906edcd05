"""The lean clock gives, for every story, what the clock that is the definition gives."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.clock import events as ev
from rnd.cycles.clock import wind
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.stages import POSITION, Mode, Stage
from rnd.cycles.clock.way import Way
from rnd.cycles.facts.lean import bare as b
from rnd.cycles.facts.lean import clock as lean
from tests.cycles.oracle import Oracle
from tests.cycles.worlds import LATEST, any_story

many = settings(max_examples=400, deadline=None)
NAMES = {
    ev.Received: "ticket.received", ev.Accepted: "ticket.accepted", ev.Rejected: "ticket.rejected",
    ev.Merged: "ticket.merged", ev.Closed: "ticket.closed", ev.Reopened: "ticket.reopened",
    ev.FixOffered: "ticket.fix_offered", ev.FixInstalled: "ticket.fix_installed",
    ev.VerdictGiven: "ticket.verdict_given", ev.TaskOpened: "task.opened", ev.TaskLinked: "task.linked",
    ev.TaskUnlinked: "task.unlinked", ev.TaskAssigned: "task.assigned", ev.TaskMoved: "task.moved",
    ev.TaskBlocked: "task.blocked", ev.TaskUnblocked: "task.unblocked",
}  # fmt: skip


def bare(event: ev.Event) -> b.Event:
    """Say an event in integers."""
    argument = 0
    match event:
        case ev.Received(seen=seen):
            argument = seen
        case ev.Closed(outcome=outcome):
            argument = b.OUTCOMES.index(outcome)
        case ev.VerdictGiven(outcome=outcome, release=release):
            argument = b.OUTCOMES.index(outcome) + 8 * release
        case ev.TaskLinked(ticket=ticket) | ev.TaskUnlinked(ticket=ticket):
            argument = ticket
        case ev.TaskAssigned(someone=someone):
            argument = int(someone)
        case ev.TaskMoved(to=to):
            argument = b.MOVES.index(to)
    code = b.CODES[NAMES[type(event)]]
    return event.claimed, event.recorded, event.id, code, argument, event.occurred, event.subject


def leanly(story: Story) -> lean.Lean | None:
    """Let the lean clock read a story, its events in any order."""
    own = [bare(event) for event in story.events if isinstance(event, ev.TicketEvent)]
    tasks: dict[int, list[b.Event]] = {}
    for event in story.events:
        if isinstance(event, ev.TaskEvent):
            tasks.setdefault(event.subject, []).append(bare(event))
    Random(len(story.events)).shuffle(own)
    return lean.wind(own, tasks.values(), story.tickets)


@many
@given(any_story())
def test_the_lean_clock_equals_the_definition(story: Story) -> None:
    way, found = wind(story), leanly(story)
    assert way is not None
    assert found is not None
    it_reads_the_same(way, found)
    the_high_water_mark_never_falls_and_is_where_the_way_first_came(way, found)
    held = Oracle(story, LATEST).closing
    assert found.fixed_by == way.fixed_by == (held.release if isinstance(held, ev.VerdictGiven) else None)


def it_reads_the_same(way: Way, found: lean.Lean) -> None:
    stages, modes = list(Stage), list(Mode)
    parts = [(s.since, s.until, stages.index(s.stage), modes.index(s.mode), s.number) for s in way.segments]
    assert found.segments == parts
    run = way.running
    assert found.running == (
        None if run is None else (stages.index(run.stage), modes.index(run.mode), run.entered, run.since)
    )
    assert (found.started, found.received) == (way.started_at, way.received_at)
    assert (found.finished, found.first_finish, found.ended) == (way.finished_at, way.first_finish_at, way.ended_at)
    assert (found.excluded, found.total, found.rework) == (way.excluded, way.total, way.rework)
    assert found.stages == list(way.stages.values())
    assert found.modes == list(way.modes.values())
    assert found.pass_times == list(way.pass_times)
    assert found.visits == list(way.visits.values())
    assert (found.passes, found.recorded, found.moved) == (way.passes, way.modes_recorded, len(way.moved))
    assert found.last_entry == way.last_entry_id


def the_high_water_mark_never_falls_and_is_where_the_way_first_came(way: Way, found: lean.Lean) -> None:
    assert found.reached == list(way.reached)
    readings = [(s.since, POSITION[s.stage]) for s in way.segments]
    readings += [(run.since, POSITION[run.stage]) for run in [way.running] if run]
    readings += [] if way.finished_at is None else [(way.finished_at, len(Stage))]
    for place, mark in enumerate(found.reached):
        assert mark == min((since for since, other in readings if other >= place), default=None)
    marks = [mark for mark in found.reached if mark is not None]
    assert marks == sorted(marks)
    assert found.reached[len(marks) :] == [None] * (len(Stage) - len(marks))


@many
@given(any_story(), st.integers(min_value=1, max_value=10**15))
def test_the_lean_clock_knows_no_date(story: Story, by: int) -> None:
    """Also before 1970, or whatever year the integers count from."""
    own = [bare(event) for event in story.events if isinstance(event, ev.TicketEvent)]
    earlier = [
        (c - by, r - by, e, code, a - by if code == b.RECEIVED else a, o - by, s) for c, r, e, code, a, o, s in own
    ]
    here, there = lean.wind(own, [], story.tickets), lean.wind(earlier, [], story.tickets)
    assert here is not None
    assert there is not None
    assert here.stages == there.stages
    assert [(s + by, u + by, *rest) for s, u, *rest in there.segments] == here.segments


def test_a_ticket_that_was_never_received_has_no_way() -> None:
    accepted = (5, 5, 1, b.ACCEPTED, 0, 5, 7)
    assert lean.wind([], [], {7}) is None
    assert lean.wind([accepted], [], {7}) is None
