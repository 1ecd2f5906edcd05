"""Exports of trackers as their APIs give them: Jira's changelog, GitHub's and GitLab's issue events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rnd.cycles.history.cases import Case, Event, Unreadable, Zoned


def read_jira(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give the issues of `/rest/api/2/search?expand=changelog`: an event for each change of the status."""
    for issue in _list(file, "issues"):
        name = _text(issue, "key", "an issue")
        fields = issue.get("fields") or {}
        changes = []
        for history in (issue.get("changelog") or {}).get("histories") or []:
            for item in history.get("items") or []:
                if item.get("field") == "status":
                    moment = zoned.read(_text(history, "created", name), where=name)
                    changes.append((moment, str(item.get("fromString")), str(item.get("toString"))))
        changes.sort(key=lambda change: change[0])
        first = changes[0][1] if changes else str((fields.get("status") or {}).get("name"))
        created = zoned.read(_text(fields, "created", name), where=name)
        yield Case.of(name, [Event(created, first), *(Event(at, state) for at, _before, state in changes)])


def read_github(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give issues, each with its `events` (`/issues/{n}/events` or `/timeline`) beside it.

    States are `opened`, `closed`, `reopened`, `assigned`, `labeled:<name>` and whatever else an event is called.
    """
    for issue in _list(file, "issues"):
        name = str(issue.get("number") or "")
        events = [Event(zoned.read(_text(issue, "created_at", name), where=f"#{name}"), "opened")]
        for event in issue.get("events") or []:
            state = _text(event, "event", f"#{name}")
            if label := (event.get("label") or {}).get("name"):
                state = f"{state}:{label}"
            events.append(Event(zoned.read(_text(event, "created_at", f"#{name}"), where=f"#{name}"), state))
        yield Case.of(_named(name), events)


def read_gitlab(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give issues, each with its `resource_state_events` and `resource_label_events` beside it.

    States are `opened`, `closed`, `reopened`, `add:<label>` and `remove:<label>`.
    """
    for issue in _list(file, "issues"):
        name = str(issue.get("iid") or "")
        where = f"#{name}"
        events = [Event(zoned.read(_text(issue, "created_at", where), where=where), "opened")]
        events += [
            Event(zoned.read(_text(event, "created_at", where), where=where), _text(event, "state", where))
            for event in issue.get("resource_state_events") or []
        ]
        for event in issue.get("resource_label_events") or []:
            label = (event.get("label") or {}).get("name", "")
            state = f"{_text(event, 'action', where)}:{label}"
            events.append(Event(zoned.read(_text(event, "created_at", where), where=where), state))
        yield Case.of(_named(name), events)


def _list(file: IO[bytes], name: str) -> list[dict[str, Any]]:
    """Give the objects of a JSON array, or of the array that an object holds under `name`."""
    try:
        told = json.load(file)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"This is not JSON: {error}.") from error
    found = told.get(name) if isinstance(told, dict) else told
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unreadable(f"The file is neither a list of {name} nor an object that holds one under {name!r}.")
    return found


def _text(item: Mapping[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"{where} has no {key!r}.")
    return value


def _named(name: str) -> str:
    if not name:
        raise Unreadable("An issue has no number. Every case needs one, so that it is imported once only.")
    return name
