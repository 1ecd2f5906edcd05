"""Reads receipts from the front: JSON lines, CSV with a head line, or the filled-in text form. Pure.

Nothing is refused as a whole: each line becomes a receipt or says what is wrong with it, and keeps its words.
"""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from releases.artifacts.faults import Fault
from releases.rollouts.batches import BatchRow

COLUMNS: Final = (
    "receipt", "team", "component", "version", "platform", "hardware", "installed_at", "ticket", "verdict", "tested_at",
    "note",
)  # fmt: skip
VERDICTS: Final = ("fixed", "not_fixed", "worse", "could_not_test")
LARGEST: Final = 2 * 1024 * 1024
MOST: Final = 5000
_LONGEST: Final = 2000
_NAMESPACE: Final = uuid.UUID("1b0a2f52-6a53-5a8e-9c3a-3f6f0a2b7c11")
_TIMES: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt as it stands in the file: its number, its own words, its values by column, and what is wrong."""

    number: int
    raw: str
    values: Mapping[str, str]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt, read: an installation (`installed_at`), a verdict (`ticket`), or both."""

    client_uuid: uuid.UUID
    # Of the installation: where the line has no UUID of its own, the one that a table of installations gives it.
    installation_uuid: uuid.UUID
    team: str
    component: str
    version: str
    platform: str
    hardware: str
    installed_at: datetime | None
    ticket: str
    verdict: str
    tested_at: datetime | None
    note: str


def read(content: bytes) -> list[Line]:
    """Give the lines of a file of receipts, whichever of the three forms it has.

    Raises Fault `receipts.too_large`, `receipts.not_text`, `receipts.empty`, `receipts.too_many`.
    """
    if len(content) > LARGEST:
        raise Fault("receipts.too_large", size=len(content), most=LARGEST)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("receipts.not_text") from None
    if "\x00" in text:
        raise Fault("receipts.not_text")
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if head.lstrip().startswith("{"):
        found = list(_json_lines(text))
    elif _is_table(head):
        found = list(_table(text))
    else:
        found = list(_blocks(text))
    if not found:
        raise Fault("receipts.empty")
    if len(found) > MOST:
        raise Fault("receipts.too_many", count=len(found), most=MOST)
    return found


def _is_table(head: str) -> bool:
    names = {name.strip().strip('"').lower() for name in re.split(r"[,;\t]", head)}
    return len(names & set(COLUMNS)) > 2


def _json_lines(text: str) -> Iterator[Line]:
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, dict):
            yield _line(number, raw, data)
        else:
            yield Line(number, raw, {}, Fault("receipt.malformed", line=number))


def _table(text: str) -> Iterator[Line]:
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip() and not line.startswith("#"))
    delimiter = max(",;\t", key=lines[start].count)
    reader = csv.reader(io.StringIO("\n".join(lines[start:])), delimiter=delimiter)
    names = [name.strip().lower() for name in next(reader)]
    try:
        for row in reader:
            number = start + reader.line_num
            values = dict(zip(names, row, strict=False))
            if any(value.strip() for value in row):
                yield _line(number, delimiter.join(row), values, extra=len(row) > len(names))
    except csv.Error:
        yield Line(start + reader.line_num, "", {}, Fault("receipt.malformed", line=start + reader.line_num))


def _blocks(text: str) -> Iterator[Line]:
    rows: list[str] = []
    began = 1
    for number, row in enumerate([*text.splitlines(), "---"], start=1):
        if row.strip().startswith("---"):
            if any(one.strip() for one in rows):
                yield _block(began, rows)
            rows = []
        elif not row.startswith("#"):
            began = began if any(one.strip() for one in rows) else number
            rows.append(row)


def _block(number: int, rows: list[str]) -> Line:
    values: dict[str, str] = {}
    raw = "\n".join(row for row in rows if row.strip())
    for row in rows:
        name, colon, value = row.partition(":")
        key = name.strip().lower()
        if not row.strip():
            continue
        if not colon or key in values:
            return Line(number, raw, values, Fault("receipt.malformed", line=number))
        values[key] = value
    return _line(number, raw, values)


def _line(number: int, raw: str, data: Mapping[str, Any], *, extra: bool = False) -> Line:
    values = {str(name): "" if value is None else str(value).strip() for name, value in data.items()}
    if "client_uuid" in values:  # as tables of installations call it
        values.setdefault("receipt", values.pop("client_uuid"))
    unknown = sorted(values.keys() - set(COLUMNS))
    if extra or unknown:
        return Line(number, raw, values, Fault("receipt.unknown_column", line=number, name=", ".join(unknown)[:120]))
    if long := next((name for name, value in values.items() if len(value) > _LONGEST), ""):
        return Line(number, raw, values, Fault("receipt.too_long", line=number, name=long, most=_LONGEST))
    return Line(number, raw, values)


def parse(line: Line, zone: ZoneInfo) -> Receipt:
    """Give what a line says. A time without a zone is that of `zone`. Raises Fault `receipt.…`.

    A line without a UUID gets one from its words, so that the same line is the same receipt whenever it comes.
    """
    if line.fault is not None:
        raise line.fault
    values = {column: line.values.get(column, "") for column in COLUMNS}
    for column in ("team", "component", "version"):
        if not values[column]:
            raise Fault("receipt.missing", line=line.number, name=column)
    installed_at = _moment(line.number, values["installed_at"], zone)
    if bool(values["ticket"]) != bool(values["verdict"]):
        raise Fault("receipt.missing", line=line.number, name="verdict" if values["ticket"] else "ticket")
    if installed_at is None and not values["verdict"]:
        raise Fault("receipt.missing", line=line.number, name="installed_at")
    if installed_at is not None and not values["hardware"]:
        raise Fault("receipt.missing", line=line.number, name="hardware")
    verdict = values["verdict"].lower().replace(" ", "_").replace("-", "_")
    if verdict and verdict not in VERDICTS:
        raise Fault("receipt.verdict", line=line.number, value=verdict[:60], known=", ".join(VERDICTS))
    return Receipt(
        client_uuid=_uuid(line.number, values),
        installation_uuid=_uuid(line.number, values) if values["receipt"] else _of_table(values),
        team=values["team"].lower(),
        component=values["component"].lower(),
        version=values["version"],
        platform=values["platform"].lower(),
        hardware=values["hardware"],
        installed_at=installed_at,
        ticket=values["ticket"].upper(),
        verdict=verdict,
        tested_at=_moment(line.number, values["tested_at"], zone),
        note=values["note"],
    )


def _uuid(number: int, values: Mapping[str, str]) -> uuid.UUID:
    text = values["receipt"]
    if not text:
        told = "\n".join(f"{column}={' '.join(values[column].split())}" for column in COLUMNS[1:])
        return uuid.uuid5(_NAMESPACE, told)
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Fault("receipt.uuid", line=number, value=text[:60]) from None


def _of_table(values: Mapping[str, str]) -> uuid.UUID:
    return BatchRow(
        component=values["component"],
        version=values["version"],
        team=values["team"],
        hardware=values["hardware"],
        installed_at=values["installed_at"],
        platform=values["platform"],
    ).identity


def _moment(number: int, text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = next(filter(None, (_by(text, form) for form in _TIMES)), None)
    if found is None or not 2000 <= found.year < 2200:
        raise Fault("receipt.time", line=number, value=text[:60])
    return found if found.utcoffset() is not None else found.replace(tzinfo=zone)


def _by(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 -- the zone is added by the caller
    except ValueError:
        return None


def zone_of(name: str) -> ZoneInfo:
    """Give the zone of a programme."""
    return ZoneInfo(name)
