"""Event logs as IEEE 1849 (XES) writes them; read as a stream, also gzipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from rnd.cycles.history.cases import Case, Event, Unreadable, Zoned


def read(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give the traces. A state is `concept:name`, then `/lifecycle:transition`; raises Unreadable."""
    within = False
    try:
        for action, element in iterparse(file, ("start", "end")):  # noqa: S314 -- see above
            if not within:
                _expect_log(element)
                within = True
            if action == "end" and _kind(element) == "trace":
                yield _case(element, zoned)
                element.clear()
    except ParseError as error:
        raise Unreadable(f"This is not well-formed XML: {error}.") from error
    except Unreadable:
        raise
    except (LookupError, ValueError) as error:
        raise Unreadable(f"This is XML in an encoding that nobody here reads: {error}.") from error


def _expect_log(element: Element) -> None:
    if _kind(element) != "log":
        raise Unreadable(f"This is no event log: it begins with <{_kind(element)}>, and not with <log>.")


def _case(trace: Element, zoned: Zoned) -> Case:
    name = _values(trace).get("concept:name", "")
    if not name:
        raise Unreadable("A trace has no concept:name. Every case needs a name, so that it is imported once only.")
    told: list[tuple[datetime, str]] = []
    for element in trace:
        if _kind(element) != "event":
            continue
        values = _values(element)
        where = f"case {name}, event {len(told) + 1}"
        if "time:timestamp" not in values:
            raise Unreadable(f"{where} has no time:timestamp.")
        state = "/".join(values[key] for key in ("concept:name", "lifecycle:transition") if values.get(key))
        told.append((zoned.read(values["time:timestamp"], where=where), state))
    return Case.of(name, [Event(at, state) for at, state in zoned.order(told)])


def _values(element: Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("key")}


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]
