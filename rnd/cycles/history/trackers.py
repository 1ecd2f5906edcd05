"""Exports of trackers as their APIs give them: Jira's changelog, GitHub's and GitLab's issue events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby, pairwise
from typing import IO, Any, Final

from rnd.cycles.history.cases import OPENED, Case, Change, Event, Unreadable, Zoned, shown

_STATES: Final = {"closed": Change.CLOSED, "reopened": Change.REOPENED}
_GITHUB: Final = {"labeled": Change.LABELLED, "unlabeled": Change.UNLABELLED}
_GITLAB: Final = {"add": Change.LABELLED, "remove": Change.UNLABELLED}
_STATE_EVENTS, _LABEL_EVENTS = "resource_state_events", "resource_label_events"

Told = tuple[datetime, tuple[str, Change, str]]


def read_jira(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give the issues of `/rest/api/2/search?expand=changelog`: an event for each change of the status."""
    for issue in _list(file, "issues"):
        name = _text(issue, "key", "an issue")
        fields = _object(issue, "fields", name)
        changelog = _object(issue, "changelog", name)
        histories = _objects(changelog, "histories", name)
        total = changelog.get("total")
        if isinstance(total, int) and total > len(histories):
            raise Unreadable(
                f"The changelog of {name} is cut: it holds {len(histories)} of {total} changes. Lay all of them into "
                f"its histories (/rest/api/2/issue/{name}/changelog gives them page by page)."
            )
        told = [(zoned.read(_text(fields, "created", name), where=name), ("", ""))]
        for history in histories:
            for item in _objects(history, "items", name):
                if item.get("field") == "status":
                    moment = zoned.read(_text(history, "created", name), where=name)
                    told.append((moment, (_text(item, "fromString", name), _text(item, "toString", name))))
        (created, _none), *changes = zoned.order(told, opened=True)
        events: list[Event] = []
        for at, some in groupby(sorted(changes, key=lambda change: change[0]), key=lambda change: change[0]):
            steps = _chained([step for _at, step in some], events[-1].state if events else None)
            if not events:
                events.append(Event(created, steps[0][0]))
            events += [Event(at, state) for _before, state in steps]
        yield Case.of(name, events or [Event(created, _text(_object(fields, "status", name), "name", name))])


def read_github(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give issues, each with its `events` (`/issues/{n}/events` or `/timeline`) beside it.

    States are `opened`, `closed`, `reopened` and `labeled:<name>`; whatever else happened changes none.
    """
    for issue in _list(file, "issues"):
        name = _number(issue, "number")
        told: list[Told] = [(_created(issue, zoned, f"#{name}"), (OPENED, Change.STATE, ""))]
        if issue.get("events") is None:
            raise Unreadable(f"#{name} has no 'events'. Lay what /issues/{name}/events gives beside each issue.")
        for index, event in enumerate(_objects(issue, "events", f"#{name}"), 1):
            where = f"#{name}, event {index}"
            kind = _text(event, "event", where)
            if kind in _STATES:
                told.append((_created(event, zoned, where), (kind, _STATES[kind], "")))
            elif kind in _GITHUB:
                label = _text(_object(event, "label", where), "name", where)
                told.append((_created(event, zoned, where), (f"{kind}:{label}", _GITHUB[kind], f"labeled:{label}")))
        yield _case(name, told, zoned)


def read_gitlab(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give issues, each with its `resource_state_events` and `resource_label_events` beside it.

    States are `opened`, `closed`, `reopened` and `add:<label>`. What happened with labels deleted since is not told.
    """
    for issue in _list(file, "issues"):
        name = _number(issue, "iid")
        told: list[Told] = [(_created(issue, zoned, f"#{name}"), (OPENED, Change.STATE, ""))]
        if not issue.keys() & {_STATE_EVENTS, _LABEL_EVENTS}:
            raise Unreadable(
                f"#{name} has neither {_STATE_EVENTS!r} nor {_LABEL_EVENTS!r}. Lay what "
                f"/issues/{name}/{_STATE_EVENTS} and /issues/{name}/{_LABEL_EVENTS} give beside each issue."
            )
        for index, event in enumerate(_objects(issue, _STATE_EVENTS, f"#{name}"), 1):
            where = f"#{name}, state event {index}"
            kind = _text(event, "state", where)
            kind = "reopened" if kind == "reopen" else kind
            if kind in _STATES:
                told.append((_created(event, zoned, where), (kind, _STATES[kind], "")))
        for index, event in enumerate(_objects(issue, _LABEL_EVENTS, f"#{name}"), 1):
            where = f"#{name}, label event {index}"
            kind = _text(event, "action", where)
            if kind in _GITLAB and event.get("label") is not None:
                label = _text(_object(event, "label", where), "name", where)
                told.append((_created(event, zoned, where), (f"{kind}:{label}", _GITLAB[kind], f"add:{label}")))
        yield _case(name, told, zoned)


def _created(item: Mapping[str, Any], zoned: Zoned, where: str) -> datetime:
    return zoned.read(_text(item, "created_at", where), where=where)


def _case(name: str, told: list[Told], zoned: Zoned) -> Case:
    ordered = zoned.order(told, opened=True)
    return Case.of(name, [Event(at, state, change, label) for at, (state, change, label) in ordered])


def _chained(steps: list[tuple[str, str]], state: str | None) -> list[tuple[str, str]]:
    """Put changes of one moment into an order in which each begins where the last one ended, if there is one."""
    if len(steps) == 1:
        return steps
    if state is None:
        ends = [after for _before, after in steps]
        begins = [before for before, _after in steps]
        state = next((one for one in begins if begins.count(one) > ends.count(one)), begins[0])
    # Hierholzer's: walk until nothing goes on, then lay in the rounds that were left out, backwards.
    left: dict[str, list[str]] = {}
    for before, after in reversed(steps):
        left.setdefault(before, []).append(after)
    walked, path = [state], []
    while walked:
        if going := left.get(walked[-1]):
            walked.append(going.pop())
        else:
            path.append(walked.pop())
    path.reverse()
    found = list(pairwise(path))
    return found if sorted(found) == sorted(steps) else steps


def _list(file: IO[bytes], name: str) -> list[dict[str, Any]]:
    """Give the objects of a JSON array, or of the array that an object holds under `name`."""
    try:
        told = json.load(file)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not JSON that can be read: {error}.") from error
    found = told.get(name) if isinstance(told, dict) else told
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unreadable(f"The file is neither a list of {name} nor an object that holds one under {name!r}.")
    return found


def _text(item: Mapping[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if value is None or value == "":
        raise Unreadable(f"{where} has no {key!r}.")
    if not isinstance(value, str):
        raise Unreadable(f"{where}: {key!r} is {shown(value)}, and not a text.")
    return value


def _object(item: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: {key!r} is {shown(value)}, and not an object.")
    return value


def _objects(item: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Unreadable(f"{where}: {key!r} is {shown(value)}, and not a list of objects.")
    return value


def _number(issue: Mapping[str, Any], key: str) -> str:
    value = issue.get(key)
    if not value:
        raise Unreadable("An issue has no number. Every case needs one, so that it is imported once only.")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Unreadable(f"An issue has the number {shown(value)}, which is none.")
    return str(value)
