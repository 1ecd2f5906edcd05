"""Issues of Jira, GitHub and GitLab become cases whose states are what their people did: moved, labelled, closed."""

from __future__ import annotations

import json
from datetime import UTC
from io import BytesIO
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rnd.cycles.clock.moments import from_us
from rnd.cycles.clock.stages import Stage
from rnd.cycles.history import trackers
from rnd.cycles.history.cases import Case, StageMap, Unreadable, Zoned, measure, unmapped_states

SECOND = 1_000_000
OSLO = ZoneInfo("Europe/Oslo")


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
