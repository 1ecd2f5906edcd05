"""Event logs are read to the microsecond, whatever their order; what is wrong in a file is said with its place."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from datetime import UTC
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def from_csv(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    return tables.read(file, zoned, {})


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
