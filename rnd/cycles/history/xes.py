"""Event logs as IEEE 1849 (XES) writes them; read as a stream, also gzipped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from rnd.cycles.history.cases import Case, Event, Unreadable, Zoned


def read(file: IO[bytes], zoned: Zoned) -> Iterator[Case]:
    """Give the traces. A state is `concept:name`, then `/lifecycle:transition`; raises Unreadable."""
    try:
        for _action, element in iterparse(file):  # noqa: S314 -- see above
            if _kind(element) == "trace":
                yield _case(element, zoned)
                element.clear()
    except ParseError as error:
        raise Unreadable(f"This is not well-formed XML: {error}.") from error


def _case(trace: Element, zoned: Zoned) -> Case:
    name = _values(trace).get("concept:name", "")
    if not name:
        raise Unreadable("A trace has no concept:name. Every case needs a name, so that it is imported once only.")
    events: list[Event] = []
    for element in trace:
        if _kind(element) != "event":
            continue
        values = _values(element)
        where = f"case {name}, event {len(events) + 1}"
        if "time:timestamp" not in values:
            raise Unreadable(f"{where} has no time:timestamp.")
        state = "/".join(values[key] for key in ("concept:name", "lifecycle:transition") if values.get(key))
        after = events[-1].at if events else None
        events.append(Event(zoned.read(values["time:timestamp"], where=where, after=after), state))
    return Case.of(name, events)


def _values(element: Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("key")}


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]
