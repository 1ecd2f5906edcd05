"""Histories of other trackers are read to the microsecond, whatever their order, zone or state."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import permutations
from math import ceil
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.clock.moments import from_us, to_us
from rnd.cycles.clock.stages import Stage
from rnd.cycles.history import mapping, tables, trackers, xes
from rnd.cycles.history.cases import Case, Event, StageMap, Unreadable, Zoned, joined, measure, unmapped_states

Reader = Callable[[IO[bytes], Zoned], Iterator[Case]]
SECOND = 1_000_000
OSLO = ZoneInfo("Europe/Oslo")
PROBLEMS = "bpic2013-closed-problems.xes.gz"


def log_of_problems() -> Path:
    """Find the public log of the BPI Challenge 2013, which is not kept here; skips the test where nobody has it.

    Name a copy in the environment, or lay it into some folder beside this project.
    """
    if named := os.environ.get("FIELDLOOP_EVENT_LOG"):
        return Path(named)
    found = sorted(Path(__file__).parents[3].glob(f"*/data/{PROBLEMS}"))
    if not found:
        pytest.skip(f"{PROBLEMS} is not here; FIELDLOOP_EVENT_LOG may name a copy")
    return found[0]


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_public_log_gives_the_known_figures(shuffled: bool) -> None:
    cases = list(xes.read(BytesIO(gzip.decompress(log_of_problems().read_bytes())), Zoned(UTC)))
    if shuffled:
        cases = [Case.of(case.name, reversed(case.events)) for case in reversed(cases)]
    found = [measured for case in cases if (measured := measure(case, StageMap())) is not None]
    assert (len(found), sum(measured.events for measured in found)) == (1487, 6660)
    totals = sorted(measured.total for measured in found)
    at = {percent: totals[ceil(percent * len(totals) / 100) - 1] for percent in (50, 85, 95)}
    assert at == {50: 7_086_718 * SECOND, 85: 34_922_026 * SECOND, 95: 57_085_338 * SECOND}
    assert sum(totals) == 22_982_556_508 * SECOND
    if not shuffled:
        states: dict[str, int] = {}
        for measured in found:
            for state, length in measured.states.items():
                states[state] = states.get(state, 0) + length
        assert {state: length for state, length in states.items() if length} == {
            "Accepted/In Progress": 9_465_019_301 * SECOND, "Accepted/Assigned": 7_136_064_010 * SECOND,
            "Accepted/Wait": 4_170_978_183 * SECOND, "Queued/Awaiting Assignment": 1_642_280_620 * SECOND,
            "Unmatched/Unmatched": 464_263_277 * SECOND, "Completed/Closed": 100_348_644 * SECOND,
            "Completed/Cancelled": 3_602_473 * SECOND,
        }  # fmt: skip


XES = b"""<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="7"/>
<event><string key="concept:name" value="Open"/><string key="lifecycle:transition" value="start"/>
<date key="time:timestamp" value="2024-10-27T02:30:00.000+02:00"/></event>
<event><string key="concept:name" value="Done"/><date key="time:timestamp" value="2024-10-27T02:30:00.000+01:00"/>
</event></trace></log>"""


def test_offsets_count_across_the_change_of_the_clocks() -> None:
    (case,) = xes.read(BytesIO(XES), Zoned(UTC))
    assert [event.state for event in case.events] == ["Open/start", "Done"]
    measured = measure(case, StageMap())
    assert measured is not None
    assert measured.total == 3600 * SECOND


def from_csv(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    return tables.read(file, zoned, {})


CSV = """Key,When,State
A,2024-10-27 02:10:00,open
B,2024-03-31 02:30:00,open
A,2024-10-27 02:50:00,work
A,2024-10-27 02:20:00,closed
"""
COLUMNS = {"case": "Key", "time": "When", "state": "State"}


def test_a_local_hour_that_comes_twice_is_the_one_that_keeps_the_case_in_order() -> None:
    zoned = Zoned(OSLO)
    cases = {case.name: case for case in tables.read(BytesIO(CSV.encode()), zoned, COLUMNS)}
    found = measure(cases["A"], StageMap())
    assert found is not None
    assert found.states == {"open": 40 * 60 * SECOND, "work": 30 * 60 * SECOND}
    assert (zoned.ambiguous, zoned.impossible) == (3, 1)
    assert cases["B"].events[0].at == to_us(datetime(2024, 3, 31, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_lines_that_cannot_have_been_written_in_their_order_stand_by_their_clocks(order: tuple[int, ...]) -> None:
    told = [
        ("2024-10-27T01:50:00", "open"), ("2024-10-27T02:20:00", "work"), ("2024-10-27T02:50:00", "test"),
        ("2024-10-27T03:10:00", "closed"),
    ]  # fmt: skip
    found = local(*(told[index] for index in order))
    assert [state for _at, state in found] == ["open", "work", "test", "closed"] or order in READABLE
    assert found[0] == ("23:50", "open")
    assert found[-1] == ("02:10", "closed")


# The one of these that happened in the order of its lines: work began in the second of the two hours.
READABLE = [(0, 2, 1, 3)]


def local(*told: tuple[str, str]) -> list[tuple[str, str]]:
    """Give moments and states as a CSV brings them out, in UTC."""
    lines = "".join(f"A,{moment},{state}\n" for moment, state in told)
    (case,) = tables.read(BytesIO(f"case,time,state\n{lines}".encode()), Zoned(OSLO), {})
    return [(f"{from_us(event.at):%H:%M}", event.state) for event in case.events]


def test_a_local_time_does_not_go_behind_what_is_certain() -> None:
    told = [("2024-10-27T02:40:00", "closed"), ("2024-10-27T02:30:00+01:00", "open")]
    assert local(*told) == local(*reversed(told)) == [("01:30", "open"), ("01:40", "closed")]
    told = [("2024-10-27T03:30:00", "closed"), ("2024-10-27T02:30:00", "open")]
    assert local(*told) == local(*reversed(told)) == [("00:30", "open"), ("02:30", "closed")]


def test_a_local_time_that_never_came_stays_before_what_came_next() -> None:
    told = [("2024-03-31T02:30:00", "open"), ("2024-03-31T03:10:00", "closed")]
    assert local(*told) == local(*reversed(told)) == [("01:10", "open"), ("01:10", "closed")]
    assert local(("2024-03-31T01:50:00", "a"), ("2024-03-31T02:30:00", "b"), ("2024-03-31T02:40:00", "c")) == [
        ("00:50", "a"), ("01:30", "b"), ("01:40", "c"),
    ]  # fmt: skip


def jira(created: str, *changes: tuple[str, str, str], **changelog: Any) -> BytesIO:
    histories = [
        {"created": at, "items": [{"field": "status", "fromString": before, "toString": after}]}
        for at, before, after in changes
    ]
    issue = {"key": "P-1", "fields": {"created": created, "status": {"name": "Open"}}}
    return BytesIO(json.dumps([{**issue, "changelog": {"histories": histories, **changelog}}]).encode())


def test_an_issue_of_jira_was_created_before_it_changed_whatever_the_clocks_showed() -> None:
    zoned = Zoned(OSLO)
    (case,) = trackers.read_jira(jira("2024-10-27T02:50:00.000", ("2024-10-27T02:10:00.000", "Open", "Done")), zoned)
    assert [(f"{from_us(event.at):%H:%M}", event.state) for event in case.events] == [
        ("00:50", "Open"), ("01:10", "Done"),
    ]  # fmt: skip


STEPS = [("Open", "Doing"), ("Doing", "Open"), ("Open", "Test"), ("Test", "Done")]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_changes_of_jira_at_one_moment_follow_from_one_another(order: tuple[int, ...]) -> None:
    changes = [("2024-01-02T00:00:00.000+0000", *STEPS[index]) for index in order]
    (case,) = trackers.read_jira(jira("2024-01-01T00:00:00.000+0000", *changes), Zoned(UTC))
    assert [event.state for event in case.events] == ["Open", "Doing", "Open", "Test", "Done"]
    earlier = ("2024-01-01T12:00:00.000+0000", "New", "Open")
    (case,) = trackers.read_jira(jira("2024-01-01T00:00:00.000+0000", *changes, earlier), Zoned(UTC))
    assert [event.state for event in case.events] == ["New", "Open", "Doing", "Open", "Test", "Done"]


def test_changes_of_jira_that_do_not_follow_stay_as_they_are_listed() -> None:
    changes = [("2024-01-02T00:00:00.000+0000", *step) for step in [("A", "B"), ("C", "D")]]
    (case,) = trackers.read_jira(jira("2024-01-01T00:00:00.000+0000", *changes), Zoned(UTC))
    assert [event.state for event in case.events] == ["A", "B", "D"]


def test_a_changelog_of_jira_that_is_cut_is_refused() -> None:
    change = ("2024-01-02T00:00:00.000+0000", "Open", "Doing")
    with pytest.raises(Unreadable, match=r"changelog of P-1 is cut: it holds 1 of 250 changes"):
        list(trackers.read_jira(jira("2024-01-01T00:00:00.000+0000", change, total=250), Zoned(UTC)))
    assert list(trackers.read_jira(jira("2024-01-01T00:00:00.000+0000", change, total=1), Zoned(UTC)))


def test_jira_states_come_from_its_changelog_in_any_order() -> None:
    export = b"""{"issues": [{"key": "DR-1", "fields": {"created": "2024-03-30T12:00:00.000+0100"}, "changelog":
    {"histories": [
    {"created": "2024-04-01T12:00:00.000+0200",
        "items": [{"field": "status", "fromString": "Doing", "toString": "Done"}]},
    {"created": "2024-03-31T12:00:00.000+0200", "items": [{"field": "assignee"},
        {"field": "status", "fromString": "To Do", "toString": "Doing"}]}]}},
    {"key": "DR-2", "fields": {"created": "2024-04-01T00:00:00.000+0000", "status": {"name": "To Do"}}}]}"""
    first, second = trackers.read_jira(BytesIO(export), Zoned(UTC))
    assert [event.state for event in first.events] == ["To Do", "Doing", "Done"]
    found = measure(first, StageMap({"Doing": Stage.BUILD}, frozenset({"Done"})))
    assert found is not None
    assert (found.states["To Do"], found.stages[Stage.BUILD], found.unmapped) == (
        23 * 3600 * SECOND,
        24 * 3600 * SECOND,
        23 * 3600 * SECOND,
    )
    never = measure(second, StageMap({}, frozenset({"Done"})))
    assert never is not None
    assert (never.finished_at, never.total) == (None, 0)


def test_github_and_gitlab_events_become_states() -> None:
    github = b"""[{"number": 5, "created_at": "2024-01-01T00:00:00Z", "events": [
        {"event": "labeled", "label": {"name": "build"}, "created_at": "2024-01-02T00:00:00Z"},
        {"event": "closed", "created_at": "2024-01-03T00:00:00Z"},
        {"event": "reopened", "created_at": "2024-01-04T00:00:00Z"},
        {"event": "closed", "created_at": "2024-01-05T00:00:00Z"}]}]"""
    (case,) = trackers.read_github(BytesIO(github), Zoned(UTC))
    found = measure(case, StageMap({"labeled:build": Stage.BUILD}, frozenset({"closed"})))
    assert found is not None
    day = 86_400 * SECOND
    assert (found.total, found.stages[Stage.BUILD], found.reopened) == (4 * day, day, 1)
    gitlab = b"""[{"iid": 8, "created_at": "2024-01-01T00:00:00Z",
        "resource_label_events": [{"action": "add", "label": {"name": "doing"}, "created_at": "2024-01-02T00:00:00Z"}],
        "resource_state_events": [{"state": "closed", "created_at": "2024-01-03T00:00:00Z"}]}]"""
    (case,) = trackers.read_gitlab(BytesIO(gitlab), Zoned(UTC))
    assert [event.state for event in case.events] == ["opened", "add:doing", "closed"]


def day(date: int, **more: Any) -> dict[str, Any]:
    return {"created_at": f"2024-01-{date:02}T00:00:00Z", **more}


def github(*events: dict[str, Any]) -> Case:
    (case,) = trackers.read_github(BytesIO(json.dumps([day(1, number=5, events=events)]).encode()), Zoned(UTC))
    return case


def gitlab(states: list[dict[str, Any]], labels: list[dict[str, Any]]) -> Case:
    issue = day(1, iid=8, resource_state_events=states, resource_label_events=labels)
    (case,) = trackers.read_gitlab(BytesIO(json.dumps([issue]).encode()), Zoned(UTC))
    return case


def labelled(date: int, name: str, event: str = "labeled") -> dict[str, Any]:
    return day(date, event=event, label={"name": name})


def put(date: int, name: str, action: str = "add") -> dict[str, Any]:
    return day(date, action=action, label={"name": name})


MAPPED = StageMap(
    {
        "opened": Stage.TRIAGE, "labeled:build": Stage.BUILD, "labeled:test": Stage.TEST,
        "add:build": Stage.BUILD, "add:test": Stage.TEST,
    },
    frozenset({"closed"}),
)  # fmt: skip


def days(case: Case, mapping: StageMap = MAPPED) -> tuple[int | None, dict[str, int], int]:
    """Give the days until it was finished (None: it is not), its days by stage, and how often it was reopened."""
    found = measure(case, mapping)
    assert found is not None
    whole = 86_400 * SECOND
    stages = {stage.value: length // whole for stage, length in found.stages.items() if length}
    return None if found.finished_at is None else found.total // whole, stages, found.reopened


BUILT = (4, {"triage": 1, "build": 3}, 0)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([day(5, event="closed"), day(9, event="referenced"), day(31, event="locked")], BUILT),
        ([day(5, event="closed"), day(6, event="subscribed"), day(9, event="closed")], BUILT),
        ([day(3, event="assigned"), day(4, event="mentioned"), day(5, event="closed")], BUILT),
        ([day(5, event="closed"), labelled(6, "test"), labelled(7, "build", "unlabeled")], BUILT),
        ([labelled(3, "wontfix"), labelled(4, "wontfix", "unlabeled"), day(5, event="closed")], BUILT),
        ([labelled(3, "build", "unlabeled"), day(5, event="closed")], (4, {"triage": 3, "build": 1}, 0)),
        (
            [labelled(3, "test"), labelled(4, "test", "unlabeled"), day(5, event="closed")],
            (4, {"triage": 1, "build": 2, "test": 1}, 0),
        ),
        (
            [labelled(3, "test"), labelled(3, "build", "unlabeled"), day(5, event="closed")],
            (4, {"triage": 1, "build": 1, "test": 2}, 0),
        ),
        ([day(5, event="closed"), day(6, event="reopened")], (None, {"triage": 1, "build": 3}, 1)),
        (
            [day(5, event="closed"), day(6, event="reopened"), labelled(7, "test"), day(9, event="closed")],
            (8, {"triage": 1, "build": 3, "test": 2}, 1),
        ),
    ],
)
def test_an_issue_of_github_changes_by_closing_reopening_and_labels_that_are_mapped(
    events: list[dict[str, Any]], expected: tuple[int | None, dict[str, int], int]
) -> None:
    assert days(github(labelled(2, "build"), *events)) == expected


@pytest.mark.parametrize("turned", [False, True])
def test_labels_of_gitlab_at_one_moment_may_stand_in_any_order(turned: bool) -> None:
    closed = [day(5, state="closed")]
    for labels, expected in [
        ([put(2, "build"), put(5, "build", "remove")], BUILT),
        ([put(2, "build"), put(6, "test")], BUILT),
        ([put(2, "build"), put(5, "test")], BUILT),
        ([put(2, "build"), put(3, "test"), put(3, "build", "remove")], (4, {"triage": 1, "build": 1, "test": 2}, 0)),
        ([put(2, "build"), day(3, action="add", label=None)], BUILT),
    ]:
        assert days(gitlab(closed, labels[::-1] if turned else labels)) == expected
    again = [*closed, day(6, state="reopen"), day(7, state="closed")]
    assert days(gitlab(again[::-1] if turned else again, [put(2, "build")])) == (6, {"triage": 1, "build": 3}, 1)


def test_a_label_may_finish_an_issue_and_closing_it_then_changes_nothing() -> None:
    mapping = StageMap({"opened": Stage.TRIAGE}, frozenset({"labeled:done"}))
    assert days(github(labelled(3, "done"), day(5, event="closed")), mapping) == (2, {"triage": 2}, 0)
    assert days(github(labelled(3, "done"), labelled(4, "done", "unlabeled")), mapping) == (None, {"triage": 2}, 1)
    assert days(github(labelled(3, "done"), day(5, event="closed")), StageMap()) == (4, {}, 0)


def test_labels_that_nobody_mapped_are_told_once_for_each_time_they_were_set() -> None:
    case = github(
        labelled(2, "build"), labelled(3, "odd"), labelled(4, "odd", "unlabeled"), labelled(4, "build", "unlabeled"),
        day(5, event="closed"), labelled(6, "late"), day(7, event="mentioned"),
    )  # fmt: skip
    assert unmapped_states([case], MAPPED) == {"labeled:late": 1, "labeled:odd": 1}


def test_what_changes_no_state_may_have_no_time() -> None:
    told = [{"event": "committed", "sha": "1"}, {"event": "reviewed", "submitted_at": "2024-01-02T00:00:00Z"}]
    assert days(github(*told, day(3, event="closed"))) == (2, {"triage": 2}, 0)
    with pytest.raises(Unreadable, match="#5, event 1 has no 'created_at'"):
        github({"event": "closed"})


def test_cases_of_one_name_are_one_and_what_is_told_again_is_one_event() -> None:
    first, again = Case("1", (Event(0, "a"), Event(5, "b"))), Case("1", (Event(0, "a"), Event(3, "c")))
    assert joined([first, Case("2", ()), again]) == [
        Case("1", (Event(0, "a"), Event(3, "c"), Event(5, "b"))), Case("2", ()),
    ]  # fmt: skip
    assert joined([first, first]) == [first]


events = st.builds(Event, st.integers(min_value=0, max_value=60), st.sampled_from(["open", "work", "closed"]))


@given(st.lists(events, min_size=1, max_size=12), st.booleans())
@settings(max_examples=300, deadline=None)
def test_every_microsecond_of_a_case_counts_once(told: list[Event], ends: bool) -> None:
    stages = StageMap({"work": Stage.BUILD}, frozenset({"closed"} if ends else ()))
    case = Case.of("7", told)
    found = measure(case, stages)
    assert found is not None
    assert sum(found.states.values()) == found.total
    assert sum(length or 0 for length in found.stages.values()) + found.unmapped == found.total
    # The same once more, instant by instant.
    end = found.started_at + found.total
    by_instant = {"open": 0, "work": 0, "closed": 0}
    for instant in range(found.started_at, end):
        by_instant[[event.state for event in case.events if event.at <= instant][-1]] += 1
    assert {state: length for state, length in found.states.items() if length} == {
        state: length for state, length in by_instant.items() if length
    }
    assert (found.finished_at is None) == (ends and case.events[-1].state != "closed")


def test_a_mapping_is_read_and_what_is_wrong_with_one_is_said() -> None:
    text = 'zone = "Europe/Oslo"\nfinished = ["Done"]\n[states]\n"In Progress" = "build"\n[columns]\ncase = "Key"\n'
    found, columns = mapping.load(text)
    assert found == StageMap({"In Progress": Stage.BUILD}, frozenset({"Done"}), OSLO)
    assert columns == {"case": "Key"}
    for wrong, says in [
        ("zone = ", "not TOML"),
        ('zone = "Oslo"', "no time zone 'Oslo'"),
        ('[states]\na = "making"', "'making', which is no stage"),
        ("stages = 1", "may hold"),
        ("finished = 1", "list of states"),
        ("zone = 5", "zone is 5"),
        ("a = " + "9" * 5000, "not TOML"),
        ("a = " + "[" * 5000, "not TOML"),
        ('states = ["a"]', r"states is \['a'\], but it is a table"),
        ('[states]\na = ["build"]', r"\['build'\], which is no stage"),
        ('columns = "a"', "columns is 'a', but it is a table"),
        ("[columns]\ncase = 1", "the column case is 1"),
        ('[columns]\nstatus = "state"', "'status' under .columns.. It may hold: case, time, state"),
    ]:
        with pytest.raises(Unreadable, match=says):
            mapping.load(wrong)


def test_what_nobody_mapped_is_counted() -> None:
    case = Case("1", (Event(0, "a"), Event(1, "b"), Event(2, "b"), Event(3, "c")))
    assert unmapped_states([case], StageMap({"a": Stage.TRIAGE}, frozenset({"c"}))) == {"b": 2}


@pytest.mark.parametrize(
    ("text", "says"),
    [(b"<log><trace>", "not well-formed"), (b"<log><trace></trace></log>", "no concept:name")],
)
def test_a_log_that_cannot_be_read_says_why(text: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        list(xes.read(BytesIO(text), Zoned(UTC)))
    with pytest.raises(Unreadable, match="no column 'case'"):
        list(tables.read(BytesIO(b"a,b\n1,2\n"), Zoned(UTC), {}))
    with pytest.raises(Unreadable, match="not a moment"):
        list(tables.read(BytesIO(b"case,time,state\n1,yesterday,x\n"), Zoned(UTC), {}))
    with pytest.raises(Unreadable, match="not JSON"):
        list(trackers.read_jira(BytesIO(b"<"), Zoned(UTC)))


ISSUE = b'"number": 5, "iid": 5, "key": "P-1", "created_at": "2024-01-01T00:00:00Z"'


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (trackers.read_jira, b'[{"created": %s}]' % (b"9" * 5000), "not JSON that can be read"),
        (trackers.read_jira, b"[" * 200_000, "not JSON that can be read"),
        (trackers.read_jira, b'{"issues": {}}', "neither a list of issues"),
        (trackers.read_jira, b'[{%s, "fields": 5}]' % ISSUE, "P-1: 'fields' is 5"),
        (trackers.read_jira, b'[{%s, "changelog": [1]}]' % ISSUE, r"P-1: 'changelog' is \[1\]"),
        (trackers.read_jira, b'[{%s, "changelog": {"histories": [null]}}]' % ISSUE, r"P-1: 'histories' is \[None\]"),
        (trackers.read_jira, b'[{%s, "fields": {"created": 17}}]' % ISSUE, "P-1: 'created' is 17"),
        (trackers.read_github, b"[{%s}]" % ISSUE, "#5 has no 'events'"),
        (trackers.read_github, b'[{%s, "events": {"message": "Not Found"}}]' % ISSUE, "#5: 'events' is {'message'"),
        (trackers.read_github, b'[{%s, "events": ["closed"]}]' % ISSUE, r"#5: 'events' is \['closed'\]"),
        (
            trackers.read_github,
            b'[{%s, "events": [{"event": "labeled", "label": "build"}]}]' % ISSUE,
            "#5, event 1: 'label' is 'build'",
        ),
        (trackers.read_github, b'[{"number": [1]}]', r"number \[1\], which is none"),
        (trackers.read_github, b'[{"events": []}]', "An issue has no number"),
        (trackers.read_gitlab, b"[{%s}]" % ISSUE, "#5 has neither 'resource_state_events'"),
        (trackers.read_gitlab, b'[{%s, "resource_state_events": "x"}]' % ISSUE, "'resource_state_events' is 'x'"),
        (xes.read, b"<html><body>Sign in</body></html>", "begins with <html>"),
        (xes.read, b'<?xml version="1.0" encoding="nothing"?><log/>', "encoding"),
        (from_csv, "case,time,state\nA,2024-01-01,Påbegynt\n".encode("latin-1"), "not UTF-8: .* byte 0xe5"),
        (from_csv, "case,time,state\n".encode("utf-16"), "not UTF-8: .* byte 0xff"),
        (from_csv, b"case,time,state\nA,2024-01-01,%s\n" % (b"x" * 200_000), "line 2: this is not CSV: field larger"),
        (from_csv, b"case,time,state\n ,2024-01-01,open\n", "line 2 names no case"),
        (from_csv, b"case,time,state\nA,0001-01-01T00:00:00+14:00,open\n", "line 2: '0001.* between the years"),
        (from_csv, b"case,time,state\nA,9999-12-31T23:59:59-12:00,open\n", "line 2: '9999.* between the years"),
    ],
)
def test_whatever_else_is_wrong_with_a_file_is_said_with_its_place(read: Reader, text: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as refused:
        list(read(BytesIO(text), Zoned(OSLO)))
    assert len(str(refused.value)) < 300
