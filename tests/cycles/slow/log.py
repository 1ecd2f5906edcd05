"""An event log (XES) read and measured by hand: who was in which state from when to when."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.cycles.slow.plain import STAGES, us


@dataclass(frozen=True)
class Traced:
    """One case: its events as (moment, state), in order."""

    name: str
    events: Sequence[tuple[int, str]]

    @property
    def total(self) -> int:
        return self.events[-1][0] - self.events[0][0]

    def in_states(self) -> dict[str, int]:
        """The time from each event to the next belongs to the state of the first."""
        found: dict[str, int] = {}
        for (since, state), (until, _) in zip(self.events, self.events[1:], strict=False):
            found[state] = found.get(state, 0) + until - since
        return found

    def in_stages(self, mapping: Mapping[str, str]) -> list[int | None]:
        """The time in each of our stages; None for one in which it spent none."""
        spent = self.in_states()
        sums = [sum(length for state, length in spent.items() if mapping.get(state) == stage) for stage in STAGES]
        return [length or None for length in sums]


def read(path: Path) -> list[Traced]:
    """Give the cases of a gzipped XES file as they stand in it."""
    root = ET.fromstring(gzip.decompress(path.read_bytes()))
    found = []
    for trace in (one for one in root.iter() if one.tag.endswith("trace")):
        names = _values(trace)
        events = []
        for event in (one for one in trace if one.tag.endswith("event")):
            told = _values(event)
            state = f"{told['concept:name']}/{told['lifecycle:transition']}"
            events.append((us(datetime.fromisoformat(told["time:timestamp"])), state))
        found.append(Traced(names["concept:name"], sorted(events, key=lambda event: event[0])))
    return found


def _values(element: ET.Element) -> dict[str, str]:
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib and "value" in one.attrib}
