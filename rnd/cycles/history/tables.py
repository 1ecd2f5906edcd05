"""Event logs as CSV: one event a line, its columns named in the mapping (case, time, state)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Final

from rnd.cycles.history.cases import Case, Event, Unreadable, Zoned

COLUMNS: Final = ("case", "time", "state")


def read(file: IO[bytes], zoned: Zoned, columns: Mapping[str, str]) -> Iterator[Case]:
    """Give the cases, whose lines may stand anywhere in the file; raises Unreadable."""
    lines = csv.DictReader(TextIOWrapper(file, "utf-8-sig", newline=""))
    try:
        told = _told(lines, zoned, columns)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"The file is not UTF-8: from line {lines.reader.line_num + 1} on there is a byte "
            f"0x{error.object[error.start]:02x}. Save it as UTF-8."
        ) from error
    except csv.Error as error:
        raise Unreadable(f"line {lines.reader.line_num}: this is not CSV: {error}.") from error
    for name, some in told.items():
        yield Case.of(name, [Event(at, state) for at, state in zoned.order(some)])


def _told(
    lines: csv.DictReader[str], zoned: Zoned, columns: Mapping[str, str]
) -> dict[str, list[tuple[datetime, str]]]:
    names = {name: columns.get(name, name) for name in COLUMNS}
    missing = [column for column in names.values() if column not in (lines.fieldnames or ())]
    if missing:
        there = ", ".join(lines.fieldnames or ())
        raise Unreadable(
            f"The file has no column {missing[0]!r}, but: {there}. Name case, time and state under [columns]."
        )
    told: dict[str, list[tuple[datetime, str]]] = {}
    for line in lines:
        where = f"line {lines.line_num}"
        case = line[names["case"]] or ""
        if not case.strip():
            raise Unreadable(f"{where} names no case. Every case needs a name, so that it is imported once only.")
        moment = zoned.read(line[names["time"]] or "", where=where)
        told.setdefault(case, []).append((moment, line[names["state"]] or ""))
    return told
