"""A report as plain values: what the page shows, the API answers, a file carries and a permalink keeps.

Nothing here knows Django. Values stay exact (integer microseconds, fractions) until somebody writes them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

# What a column or a figure holds. `us` are microseconds, `share` is a part of 1, `ratio` a multiple, `rate` a number.
KINDS: Final = frozenset(
    {
        "text",
        "ticket",
        "tickets",
        "task",
        "tasks",
        "stage",
        "severity",
        "count",
        "us",
        "share",
        "ratio",
        "rate",
        "day",
        "moment",
    }
)
NUMBERS: Final = frozenset({"count", "us", "share", "ratio", "rate"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for machines, its label for people. An `aside` one is for files only, not for the page."""

    name: str
    label: str
    kind: str = "text"
    aside: bool = False

    @property
    def right(self) -> bool:
        """Tell whether it holds numbers."""
        return self.kind in NUMBERS


@dataclass(frozen=True, slots=True)
class Row:
    """A row of values in the order of the columns; `links` leads from a column (by its name) to what is behind."""

    values: Sequence[Any]
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    columns: Sequence[Column]
    rows: Sequence[Row]
    foot: Row | None = None

    def column(self, name: str) -> Column:
        """Give a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def values(self, name: str) -> list[Any]:
        """Give all values of a column."""
        place = self.columns.index(self.column(name))
        return [row.values[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure. `key` is its name for machines, `n` the items behind it."""

    key: str
    label: str
    value: Any
    kind: str = "us"
    n: int | None = None
    note: str = ""
    url: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A column that a chart draws, in a colour that the style sheets name."""

    column: str
    colour: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line with its name: a percentile in the scatterplot."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn from the table beside it. `kind`: stacked, bars, line, area or scatter; `says` is read aloud.

    `begins`: the column of where each bar begins, of bars that follow each other; the last one has no end.
    """

    kind: str
    says: str
    along: str
    series: Sequence[Series]
    across: bool = False
    levels: Sequence[Level] = ()
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that must be read beside the figures. `tone`: info, good, warn or bad; empty: plain text.

    `way`: it says nothing but where it leads, so files leave it out.
    """

    text: str
    tone: str = ""
    url: str = ""
    way: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer. `open` shows the table even where a chart stands before it."""

    name: str
    title: str
    lede: str = ""
    notes: Sequence[Note] = ()
    figures: Sequence[Figure] = ()
    strip: Mapping[str, int] = field(default_factory=dict)
    chart: Chart | None = None
    table: Table | None = None
    open: bool = False

    @property
    def has_asides(self) -> bool:
        """Tell whether some notes are plain sentences."""
        return any(not note.tone for note in self.notes)

    @property
    def drawn(self) -> bool:
        """Tell whether there is something to draw."""
        if self.chart is None or self.table is None:
            return False
        return any(value is not None for one in self.chart.series for value in self.table.values(one.column))


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, with everything that tells how to read it. `filters` are for machines, `asked` for people."""

    report: str
    title: str
    lede: str
    as_of: datetime
    definition: int
    n: int
    filters: Mapping[str, str]
    asked: Sequence[tuple[str, str]]
    sections: Sequence[Section]

    @property
    def has_strip(self) -> bool:
        """Tell whether a loop strip is in it, whose colours have to be explained."""
        return any(section.strip for section in self.sections)

    def section(self, name: str) -> Section | None:
        """Give a section by its name."""
        return next((section for section in self.sections if section.name == name), None)


def without_links(document: Document) -> Document:
    """Give the same document without ways to what is behind (which changes, while frozen figures do not)."""
    return replace(
        document,
        sections=[
            replace(
                section,
                figures=[replace(one, url="") for one in section.figures],
                notes=[replace(note, url="") for note in section.notes if not note.way],
                table=section.table and _without_links(section.table),
            )
            for section in document.sections
        ],
    )


def _without_links(table: Table) -> Table:
    foot = table.foot and replace(table.foot, links={})
    return replace(table, rows=[replace(row, links={}) for row in table.rows], foot=foot)
