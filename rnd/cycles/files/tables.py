"""CSV: what the report is, then each section with its figures and its table, exact: microseconds, and fractions."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, Protocol

from foundation.kit.tables import safe_cell
from frontline_feedback import keys as tickets
from rnd.cycles.documents import Column, Document, Note, Section, Table
from rnd.engineering import keys as tasks

SUFFIX: Final = {"us": "_us"}
# What files hold in place of the numbers of tickets and tasks.
KEYS: Final[dict[str, Callable[[Any], str]]] = {
    "ticket": tickets.key_of,
    "tickets": lambda pks: " ".join(map(tickets.key_of, pks)),
    "task": tasks.key_of,
    "tasks": lambda pks: " ".join(map(tasks.key_of, pks)),
}


class Told(Protocol):
    """What a file tells of itself, be it a whole report or one list of it."""

    @property
    def report(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def as_of(self) -> datetime: ...
    @property
    def definition(self) -> int: ...
    @property
    def n(self) -> int: ...
    @property
    def filters(self) -> Mapping[str, str]: ...


def value_of(value: Any, kind: str) -> Any:
    """Give a value as files hold it: exact numbers, ISO 8601, keys."""
    if value is None:
        return ""
    if kind in KEYS:
        return KEYS[kind](value)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return safe_cell(value) if isinstance(value, str) else value


def head_of(column: Column) -> str:
    """Give the name of a column in a file, with its unit."""
    suffix = SUFFIX.get(column.kind, "")
    return column.name if f"_{column.name}".endswith(suffix) else column.name + suffix


def preface(told: Told) -> list[tuple[str, Any]]:
    """Give what tells how a file is to be read."""
    return [
        ("report", told.report),
        ("title", safe_cell(told.title)),
        ("as_of", told.as_of.isoformat()),
        ("definition", told.definition),
        ("n", told.n),
        *((f"filter {name}", safe_cell(value)) for name, value in told.filters.items()),
    ]


def notes_of(section: Section) -> list[Note]:
    """Give the notes without mere ways to other pages ("Older"), which lead nowhere from a file."""
    return [note for note in section.notes if not note.way]


def to_csv(document: Document, *, section: str = "") -> str:
    """Write a report, or one of its sections, as text."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerows(preface(document))
    for one in document.sections:
        if section in {"", one.name}:
            out.writerows(_section(one))
    return text.getvalue()


def _section(section: Section) -> Iterator[list[Any]]:
    yield []
    yield ["section", section.name, safe_cell(section.title)]
    yield from (["note", safe_cell(note.text)] for note in notes_of(section))
    for figure in section.figures:
        key = figure.key if figure.kind != "us" or figure.key.endswith("_us") else f"{figure.key}_us"
        yield ["figure", key, value_of(figure.value, figure.kind), "n", "" if figure.n is None else figure.n]
    if section.table is not None:
        yield from _table(section.table)


def _table(table: Table) -> Iterator[list[Any]]:
    yield [head_of(column) for column in table.columns]
    for row in table.rows:
        yield [value_of(value, column.kind) for value, column in zip(row.values, table.columns, strict=True)]
