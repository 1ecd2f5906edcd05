"""Random lives of tickets for the property tests: plausible ones, and ones in any impossible order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from rnd.cycles.clock import events as ev
from rnd.cycles.clock.course import Story

TICKET = 7
LATEST = 40  # microseconds; small, so that the oracle can look at each

OUTCOMES = ["fixed", "not_fixed", "worse", "could_not_test"]
MOVES = ["queue", "design", "build", "test", "done", "cancelled"]

moments = st.integers(min_value=0, max_value=LATEST)
releases = st.integers(min_value=1, max_value=4)


@st.composite
def _event(draw: st.DrawFn, /, kind: type[ev.Event], subject: int, **fields: Any) -> ev.Event:
    occurred = draw(moments)
    # Mostly recorded at once; sometimes late (offline), sometimes before the claim (a wrong clock).
    recorded = draw(st.one_of(st.just(occurred), moments))
    drawn = {name: draw(strategy) for name, strategy in fields.items()}
    return kind(id=0, subject=subject, occurred=occurred, recorded=recorded, **drawn)


def ticket_events(subject: int = TICKET) -> st.SearchStrategy[ev.Event]:
    return st.one_of(
        _event(ev.Accepted, subject),
        _event(ev.Rejected, subject),
        _event(ev.Merged, subject, into=st.just(8)),
        _event(ev.Closed, subject, outcome=st.sampled_from(["answered", "wont_fix", "fixed"])),
        _event(ev.Reopened, subject),
        _event(ev.FixOffered, subject),
        _event(ev.FixInstalled, subject),
        _event(ev.VerdictGiven, subject, outcome=st.sampled_from(OUTCOMES), release=releases),
        _event(ev.VerdictGiven, subject, outcome=st.sampled_from(OUTCOMES), release=releases),
    )


def task_events(subject: int) -> st.SearchStrategy[ev.Event]:
    tickets = st.sampled_from([TICKET, TICKET, 8, 9])
    return st.one_of(
        _event(ev.TaskOpened, subject),
        _event(ev.TaskLinked, subject, ticket=tickets),
        _event(ev.TaskLinked, subject, ticket=st.just(TICKET)),
        _event(ev.TaskUnlinked, subject, ticket=tickets),
        _event(ev.TaskAssigned, subject, someone=st.booleans()),
        _event(ev.TaskMoved, subject, to=st.sampled_from(MOVES)),
        _event(ev.TaskMoved, subject, to=st.sampled_from(MOVES)),
        _event(ev.TaskBlocked, subject),
        _event(ev.TaskUnblocked, subject),
    )


def _numbered(events: list[ev.Event]) -> list[ev.Event]:
    """Give ids in the order of recording, as the journal does."""
    by_record = sorted(events, key=lambda e: e.recorded)
    return [replace(event, id=number) for number, event in enumerate(by_record, start=1)]


@st.composite
def stories(draw: st.DrawFn, *, tasks: int = 3) -> Story:
    """Any events in any order, of which one is the receipt."""
    events = [draw(_event(ev.Received, TICKET, seen=moments))]
    events += draw(st.lists(ticket_events(), max_size=8))
    for task in range(1, draw(st.integers(min_value=0, max_value=tasks)) + 1):
        events += [draw(_event(ev.TaskOpened, task)), draw(_event(ev.TaskLinked, task, ticket=st.just(TICKET)))]
        events += draw(st.lists(task_events(task), max_size=7))
    return Story(draw(st.sampled_from([frozenset({TICKET}), frozenset({TICKET, 8})])), _numbered(events))


@st.composite
def plausible_stories(draw: st.DrawFn) -> Story:
    """The same kinds of events in the order in which a loop meets them, over one to three passes."""
    events: list[ev.Event] = []
    clock = 0

    def at(kind: type[ev.Event], subject: int, **fields: Any) -> None:
        nonlocal clock
        clock = min(clock + draw(st.integers(min_value=0, max_value=3)), LATEST)
        events.append(kind(id=0, subject=subject, occurred=clock, recorded=clock, **fields))

    at(ev.Received, TICKET, seen=0)
    for number in range(draw(st.integers(min_value=1, max_value=3))):
        at(ev.Accepted, TICKET)
        task = number + 1
        if draw(st.booleans()):
            at(ev.TaskOpened, task)
            at(ev.TaskLinked, task, ticket=TICKET)
            at(ev.TaskAssigned, task, someone=True)
            for stage in draw(st.lists(st.sampled_from(MOVES[:4]), max_size=4)):
                at(ev.TaskMoved, task, to=stage)
                if draw(st.booleans()):
                    at(ev.TaskBlocked, task)
                    at(ev.TaskUnblocked, task)
            at(ev.TaskMoved, task, to="done")
        at(ev.FixOffered, TICKET)
        at(ev.FixInstalled, TICKET)
        at(ev.VerdictGiven, TICKET, outcome=draw(st.sampled_from(OUTCOMES)), release=draw(releases))
        if draw(st.booleans()):
            at(ev.Reopened, TICKET)
    cut = draw(st.integers(min_value=1, max_value=len(events)))
    return Story(frozenset({TICKET}), _numbered(events[:cut]))


def any_story() -> st.SearchStrategy[Story]:
    return st.one_of(stories(), plausible_stories())
