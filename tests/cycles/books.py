"""Reads workbooks as they are in the file: the cells of each sheet, texts as texts and numbers as numbers."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets_of(book: bytes) -> dict[str, list[list[Any]]]:
    """Give the cells of each sheet by its name: numbers as numbers, empty ones as None."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        names = [one.attrib["name"] for one in ET.fromstring(parts.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]
        return {
            name: _cells(ET.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml")))
            for number, name in enumerate(names, start=1)
        }


def _cells(sheet: Any) -> list[list[Any]]:
    """Give the rows, all as long as the longest; an empty cell is not in the file at all."""
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells = {ord(cell.attrib["r"][0]) - ord("A"): _cell(cell) for cell in row.iter(f"{SHEET}c")}
        rows.append([cells.get(place) for place in range(max(cells, default=0) + 1)])
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


def _cell(cell: Any) -> Any:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(cell.itertext())
    number = cell.find(f"{SHEET}v")
    return None if number is None else float(number.text)
