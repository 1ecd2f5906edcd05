"""A report as plain values: what the page shows, the API answers, a file carries and a permalink keeps.

Nothing here knows Django. Values stay exact (integer microseconds, fractions) until somebody writes them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
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
_FRACTIONS: Final = frozenset({"share", "ratio", "rate"})


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
    """What is drawn from the table beside it. `kind`: stacked, bars, line, area or scatter; `says` is read aloud."""

    kind: str
    says: str
    along: str
    series: Sequence[Series]
    across: bool = False
    levels: Sequence[Level] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that must be read beside the figures. `tone`: info, good, warn or bad; empty: plain text."""

    text: str
    tone: str = ""
    url: str = ""


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

    def section(self, name: str) -> Section | None:
        """Give a section by its name."""
        return next((section for section in self.sections if section.name == name), None)


def to_wire(document: Document) -> dict[str, Any]:
    """Give the document as JSON holds it; fractions are [numerator, denominator], moments ISO 8601."""
    return {
        "report": document.report,
        "title": document.title,
        "lede": document.lede,
        "as_of": document.as_of.isoformat(),
        "definition": document.definition,
        "n": document.n,
        "filters": dict(document.filters),
        "asked": [list(pair) for pair in document.asked],
        "sections": [_section_to_wire(section) for section in document.sections],
    }


def _section_to_wire(section: Section) -> dict[str, Any]:
    table, chart = section.table, section.chart
    return {
        "name": section.name,
        "title": section.title,
        "lede": section.lede,
        "open": section.open,
        "notes": [{"text": note.text, "tone": note.tone, "url": note.url} for note in section.notes],
        "figures": [
            {
                "key": one.key, "label": one.label, "kind": one.kind, "value": plain(one.value), "n": one.n,
                "note": one.note, "url": one.url, "strong": one.strong,
            }
            for one in section.figures
        ],
        "strip": dict(section.strip),
        "chart": None if chart is None else {
            "kind": chart.kind, "says": chart.says, "along": chart.along, "across": chart.across,
            "series": [{"column": one.column, "colour": one.colour, "dashed": one.dashed} for one in chart.series],
            "levels": [{"label": level.label, "value": level.value} for level in chart.levels],
        },
        "table": None if table is None else {
            "columns": [
                {"name": one.name, "label": one.label, "kind": one.kind, "aside": one.aside} for one in table.columns
            ],
            "rows": [_row_to_wire(row) for row in table.rows],
            "foot": None if table.foot is None else _row_to_wire(table.foot),
        },
    }  # fmt: skip


def _row_to_wire(row: Row) -> dict[str, Any]:
    return {"values": [plain(value) for value in row.values], "links": dict(row.links)}


def plain(value: Any) -> Any:
    """Give a value as JSON holds it."""
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def exact(value: Any, kind: str) -> Any:
    """Give back what `plain` made plain, by the kind of its column."""
    if value is None:
        return None
    if kind in _FRACTIONS:
        return Fraction(*value) if isinstance(value, list) else Fraction(value)
    if kind == "day":
        return date.fromisoformat(value)
    if kind == "moment":
        return datetime.fromisoformat(value)
    return tuple(value) if kind in {"tickets", "tasks"} else value


def from_wire(data: Mapping[str, Any]) -> Document:
    """Give the document that `to_wire` wrote."""
    known = {**data, "as_of": datetime.fromisoformat(data["as_of"])}
    known["asked"] = [tuple(pair) for pair in data["asked"]]
    known["sections"] = [_section_from_wire(section) for section in data["sections"]]
    return Document(**known)


def _section_from_wire(data: Mapping[str, Any]) -> Section:
    chart, table = data["chart"], data["table"]
    figures = [Figure(**{**one, "value": exact(one["value"], one["kind"])}) for one in data["figures"]]
    return Section(
        **{
            **data,
            "notes": [Note(**note) for note in data["notes"]],
            "figures": figures,
            "chart": chart and Chart(
                **{
                    **chart,
                    "series": [Series(**one) for one in chart["series"]],
                    "levels": [Level(**level) for level in chart["levels"]],
                }
            ),
            "table": table and _table_from_wire(table),
        }
    )  # fmt: skip


def _table_from_wire(data: Mapping[str, Any]) -> Table:
    columns = [Column(**column) for column in data["columns"]]

    def row(told: Mapping[str, Any]) -> Row:
        values = [exact(value, column.kind) for value, column in zip(told["values"], columns, strict=True)]
        return Row(values, told["links"])

    return Table(columns, [row(told) for told in data["rows"]], data["foot"] and row(data["foot"]))


def without_links(document: Document) -> Document:
    """Give the same document without ways to what is behind (which changes, while frozen figures do not)."""
    return replace(
        document,
        sections=[
            replace(
                section,
                figures=[replace(one, url="") for one in section.figures],
                notes=[replace(note, url="") for note in section.notes],
                table=section.table and replace(
                    section.table, rows=[replace(row, links={}) for row in section.table.rows], foot=section.table.foot
                ),
            )
            for section in document.sections
        ],
    )  # fmt: skip
