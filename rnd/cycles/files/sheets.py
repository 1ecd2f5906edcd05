"""A whole list as XLSX, in constant memory: rows go to disk as they are read, on as many sheets as they need."""

from __future__ import annotations

import tempfile
from typing import IO, Any, Final

import xlsxwriter
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from rnd.cycles.files.tables import preface
from rnd.cycles.files.whole import Whole
from rnd.cycles.files.workbook import PLAIN, name_of, unit_of, write_cell

# The format's own limit; the first row of each sheet names the columns.
ROWS_OF_A_SHEET: Final = 1_048_576


def whole_xlsx(whole: Whole) -> IO[bytes]:
    """Give the workbook as a file that goes when it is closed: a sheet that says what it is, and those with the rows.

    Lengths are days, moments are UTC. What does not fit on one sheet goes on on the next; the first one says so, and
    which they are.
    """
    made = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    with xlsxwriter.Workbook(made, {"constant_memory": True, **PLAIN}) as book:
        used: set[str] = set()
        front = book.add_worksheet(name_of("Report", used))
        names, n = _sheets(book, whole, used)
        _front(book, front, whole, names, n)
    made.seek(0)
    return made


def _sheets(book: Any, whole: Whole, used: set[str]) -> tuple[list[str], int]:
    """Write every row; give the names of the sheets and how many rows there are."""
    kinds = [column.kind for column in whole.columns]
    names: list[str] = []
    line, n, sheet = 0, 0, None
    for chunk in whole.chunks():
        for row in chunk:
            if sheet is None or line == ROWS_OF_A_SHEET:
                names.append(name_of(whole.title, used))
                sheet, line = _sheet(book, whole, names[-1]), 1
            for place, (value, kind) in enumerate(zip(row, kinds, strict=True)):
                write_cell(book, sheet, (line, place), value, kind)
            line, n = line + 1, n + 1
    return names, n


def _sheet(book: Any, whole: Whole, name: str) -> Any:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, len(whole.columns) - 1, 15)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(whole.columns):
        sheet.write_string(0, place, column.label + unit_of(column.kind), bold)
    return sheet


def _front(book: Any, sheet: Any, whole: Whole, names: list[str], n: int) -> None:
    sheet.set_column(0, 1, 28)
    sheet.write_string(0, 0, whole.title, book.add_format({"bold": True, "font_size": 14}))
    for row, (told, value) in enumerate([*preface(whole), ("rows", n)], start=2):
        sheet.write_string(row, 0, told)
        sheet.write_string(row, 1, str(value))
    if len(names) > 1:
        said = _(
            "A sheet holds %(most)s rows at most, so the list goes on from sheet to sheet. "
            "All %(n)s rows are here: %(names)s."
        )
        sheet.write_string(
            row + 2, 0, said % {"most": _number(ROWS_OF_A_SHEET), "n": _number(n), "names": ", ".join(names)}
        )


def _number(value: int) -> str:
    return number_format(value, 0, use_l10n=True, force_grouping=True)
