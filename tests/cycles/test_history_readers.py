"""Histories of other trackers are read to the microsecond, whatever their order, zone or state."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.clock.moments import to_us
from rnd.cycles.clock.stages import Stage
from rnd.cycles.history import mapping, tables, trackers, xes
from rnd.cycles.history.cases import Case, Event, StageMap, Unreadable, Zoned, measure, unmapped_states

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
