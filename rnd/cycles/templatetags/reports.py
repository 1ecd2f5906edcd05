"""Shows the values of reports: `{% load reports %}{% cell value column.kind url %}`."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

from rnd.cycles.documents import Column, Row, Table
from rnd.cycles.presenting import shown, written

register = template.Library()
# A page shows so many rows of a table; files have all of them.
MOST_ROWS = 200
# A text of so many characters needs a column of its own width; one of fewer a column in which it is not stacked.
LONG, WORDS = 60, 12
# So many keys need a column of their own width.
KEYS = 3
# A longer table than this is a window that its rows go through.
WINDOW = 25

register.simple_tag(shown, name="cell")
register.simple_tag(written, name="plain_cell")


@register.simple_tag
def columns(table: Table) -> list[Column]:
    """Give the columns that a page shows."""
    return [column for column in table.columns if not column.aside]


@register.simple_tag
def rows(table: Table) -> list[Row]:
    """Give the rows that a page shows."""
    return list(table.rows[:MOST_ROWS])


@register.simple_tag
def rows_left(table: Table) -> int:
    """Give how many rows a page does not show."""
    return max(0, len(table.rows) - MOST_ROWS)


@register.simple_tag
def cells(table: Table, row: Row) -> list[dict[str, Any]]:
    """Give the shown cells of a row, each as safe HTML; the first column of a foot may hold plain text."""
    found = []
    for place, (value, column) in enumerate(zip(row.values, table.columns, strict=True)):
        if column.aside:
            continue
        text = isinstance(value, str) and place == 0 and row is table.foot
        html: SafeString = shown(value, "text" if text else column.kind, row.links.get(column.name, ""))
        found.append({"html": html, "head": place == 0, "look": _look(value, column)})
    return found


def _look(value: Any, column: Column) -> str:
    """Name the class of a cell: what its column must have room for."""
    if column.right:
        return "right"
    if isinstance(value, str) and column.kind == "text":
        return "long" if len(value) > LONG else "words" if len(value) > WORDS else ""
    return "many-keys" if isinstance(value, tuple) and len(value) > KEYS else ""


@register.filter
def is_window(some: list[Row]) -> bool:
    """Tell whether so many rows are shown in a window."""
    return len(some) > WINDOW


# The units of `wording.duration` in every language, and per cent.
_UNIT = re.compile(r"(?<=\d) (?=%|(?:d|h|t|min|s|ms|д|год|хв|с|мс)\b)")


@register.filter
def together(text: str) -> str:
    """Keep each number and its unit on one line."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


@register.filter
def lookup(of: dict[str, Any], name: str) -> Any:
    """Give what a dict holds under a name."""
    return of.get(name)
