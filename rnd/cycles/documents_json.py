"""A report as JSON and back: what the API answers and a permalink keeps, exact to the last microsecond."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Document, Figure, Level, Note, Row, Section, Series, Table

_FRACTIONS: Final = frozenset({"share", "ratio", "rate"})


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
        "notes": [
            {"text": note.text, "tone": note.tone, "url": note.url, "way": note.way} for note in section.notes
        ],
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
            "begins": chart.begins,
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
            # PostgreSQL keeps what names hold, not their order.
            "strip": {stage.value: data["strip"][stage] for stage in Stage if stage in data["strip"]},
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
