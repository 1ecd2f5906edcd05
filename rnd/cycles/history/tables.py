"""Event logs as CSV: one event a line, its columns named in the mapping (case, time, state)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Final

from rnd.cycles.history.cases import Case, Event, Unreadable, Zoned

COLUMNS: Final = ("case", "time", "state")


def read(file: IO[bytes], zoned: Zoned, columns: Mapping[str, str]) -> Iterator[Case]:
    """Give the cases, whose lines may stand anywhere in the file; raises Unreadable."""
    lines = csv.DictReader(TextIOWrapper(file, "utf-8-sig", newline=""))
    names = {name: columns.get(name, name) for name in COLUMNS}
    missing = [column for column in names.values() if column not in (lines.fieldnames or ())]
    if missing:
        there = ", ".join(lines.fieldnames or ())
        raise Unreadable(
            f"The file has no column {missing[0]!r}, but: {there}. Name case, time and state under [columns]."
        )
    events: dict[str, list[Event]] = {}
    for line in lines:
        case = line[names["case"]]
        known = events.setdefault(case, [])
        after = known[-1].at if known else None
        moment = zoned.read(line[names["time"]] or "", where=f"line {lines.line_num}", after=after)
        known.append(Event(moment, line[names["state"]] or ""))
    for name, some in events.items():
        yield Case.of(name, some)
