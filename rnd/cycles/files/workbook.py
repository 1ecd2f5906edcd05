"""XLSX: a sheet that says what the report is, and one for each section with its table and a native chart."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from rnd.cycles.documents import Chart, Document, Section, Table
from rnd.cycles.files.tables import KEYS, notes_of, preface
from rnd.cycles.presenting import STAGE_COLOURS, stage_colours

# Texts stay texts.
PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
DAY: Final = 86_400_000_000
FORMATS: Final = {
    "us": "0.00",
    "share": "0.0%",
    "ratio": "0.00",
    "rate": "0.00",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
KINDS: Final = {
    "stacked": {"type": "column", "subtype": "stacked"},
    "bars": {"type": "column"},
    "line": {"type": "line"},
    "area": {"type": "area", "subtype": "stacked"},
    "scatter": {"type": "scatter"},
}
# The colours of charts on paper, as static/css/tokens.css has them.
COLOURS: Final = {
    "stage-transit": "#9abfd9", "stage-triage": "#a56b09", "stage-queue": "#d9cd85", "stage-design": "#af6add",
    "stage-build": "#1b2da4", "stage-test": "#297077", "stage-release": "#f28b9c", "stage-install": "#325633",
    "stage-verify": "#6da659", "chart-done": "#c3ccc8", "info": "#1557c0", "ink": "#131c18", "line-control": "#7d8883",
    "line-strong": "#c2cbc7", "good": "#14633a", "bad": "#a81e17", "age-p50": "#add6ba", "age-p85": "#c99a2b",
    "age-p95": "#bd5813", "age-beyond": "#8f1712", "age-unknown": "#7d8883",
}  # fmt: skip


def to_xlsx(documents: Sequence[Document]) -> bytes:
    """Write a report, and the one beside it, as a workbook.

    Texts are written as texts, whatever they begin with; lengths are days, moments are UTC.
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, **PLAIN}) as book:
        used: set[str] = set()
        for document in documents:
            _front(book, document, name_of("Report", used))
            for section in document.sections:
                if section.table is not None and section.table.rows:
                    _sheet(book, document, section, name_of(section.title, used))
    return made.getvalue()


def name_of(title: str, used: set[str]) -> str:
    """Give a name of a sheet: at most 31 letters, each only once."""
    name = plain = re.sub(r"[\[\]:*?/\\']", " ", title)[:28].strip() or "Table"
    number = 1
    while name.lower() in used:
        number += 1
        name = f"{plain} {number}"
    used.add(name.lower())
    return name


def _front(book: Any, document: Document, name: str) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "font_size": 14})
    sheet.set_column(0, 1, 28)
    sheet.write_string(0, 0, document.title, bold)
    row = 2
    for told, value in preface(document):
        sheet.write_string(row, 0, told)
        sheet.write_string(row, 1, str(value))
        row += 1
    row += 1
    for section in document.sections:
        for figure in section.figures:
            sheet.write_string(row, 0, f"{figure.label}{unit_of(figure.kind)}")
            write_cell(book, sheet, (row, 1), figure.value, figure.kind)
            sheet.write_string(row, 2, "" if figure.n is None else f"n = {figure.n}")
            sheet.write_string(row, 3, figure.note)
            row += 1


def unit_of(kind: str) -> str:
    """Give what is said behind the name of a column or figure: lengths are days, and no cell can hold a zone."""
    return {"us": f" ({_('days')})", "moment": " (UTC)"}.get(kind, "")


def _sheet(book: Any, document: Document, section: Section, name: str) -> None:
    table = section.table
    assert table is not None
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    told = "; ".join(f"{key}: {value}" for key, value in preface(document))
    sheet.write_string(0, 0, section.title, book.add_format({"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, told)
    sheet.write_string(2, 0, "; ".join(note.text for note in notes_of(section)))
    head = 3
    for place, column in enumerate(table.columns):
        sheet.write_string(head, place, column.label + unit_of(column.kind), bold)
    for line, row in enumerate(table.rows, start=head + 1):
        for place, (value, column) in enumerate(zip(row.values, table.columns, strict=True)):
            write_cell(book, sheet, (line, place), value, column.kind)
    sheet.set_column(0, len(table.columns) - 1, 15)
    sheet.freeze_panes(head + 1, 1)
    if section.drawn and section.chart is not None:
        _chart(book, sheet, section.chart, table, head)


def write_cell(book: Any, sheet: Any, at: tuple[int, int], value: Any, kind: str) -> None:
    """Write a value into a cell as its kind is shown in a sheet."""
    if value is None or value == ():
        sheet.write_blank(*at, None)
    elif kind == "day" and isinstance(value, date):
        sheet.write_datetime(*at, datetime(value.year, value.month, value.day), _format(book, kind))  # noqa: DTZ001 -- a day has no zone in a sheet
    elif kind == "moment" and isinstance(value, datetime):
        sheet.write_datetime(*at, value.astimezone(UTC).replace(tzinfo=None), _format(book, kind))
    elif kind in KEYS:
        sheet.write_string(*at, KEYS[kind](value))
    elif kind == "us" and isinstance(value, int):
        sheet.write_number(*at, value / DAY, _format(book, kind))
    elif isinstance(value, int | Fraction):
        sheet.write_number(*at, float(value), _format(book, kind) if kind in FORMATS else None)
    else:
        sheet.write_string(*at, str(value))


def _format(book: Any, kind: str) -> Any:
    known = book.__dict__.setdefault("fieldloop_formats", {})
    if kind not in known:
        known[kind] = book.add_format({"num_format": FORMATS[kind]})
    return known[kind]


def _chart(book: Any, sheet: Any, chart: Chart, table: Table, head: int) -> None:
    kind: dict[str, str] = dict(KINDS[chart.kind])
    if chart.across and kind["type"] == "column":
        kind["type"] = "bar"
    name, drawn = sheet.get_name(), book.add_chart(kind)
    first, last = head + 1, head + len(table.rows)
    along = _place(table, chart.along)
    for series in chart.series:
        place, colour = _place(table, series.column), COLOURS.get(series.colour, "#1557c0")
        line = {"color": colour, "width": 2} if chart.kind == "line" else {"none": True}
        told: dict[str, Any] = {
            "name": [name, head, place],
            "categories": [name, first, along, last, along],
            "values": [name, first, place, last, place],
            "line": line,
        }
        if chart.kind == "scatter":
            told["marker"] = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"none": True}}
        elif chart.kind != "line":
            told["fill"] = {"color": colour}
        if series.colour == STAGE_COLOURS:
            told["points"] = [{"fill": {"color": COLOURS[one]}} for one in stage_colours(table)]
        drawn.add_series(told)
    drawn.set_title({"name": chart.says, "name_font": {"size": 11}})
    drawn.set_legend({"position": "bottom", "none": len(chart.series) == 1})
    drawn.set_size({"width": 860, "height": 420})
    if chart.across:
        drawn.set_y_axis({"reverse": True})
    sheet.insert_chart(head + len(table.rows) + 3, 0, drawn)


def _place(table: Table, name: str) -> int:
    return [column.name for column in table.columns].index(name)
