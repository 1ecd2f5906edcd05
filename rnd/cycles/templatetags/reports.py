"""Shows the values of reports: `{% load reports %}{% cell value column.kind url %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from rnd.cycles.documents import Column, Row, Table
from rnd.cycles.presenting import shown, written

register = template.Library()
# A page shows so many rows of a table; files have all of them.
MOST_ROWS = 200
# A text of so many characters needs a column of its own width.
LONG = 60

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
        long = isinstance(value, str) and len(value) > LONG
        found.append({"html": html, "right": column.right, "head": place == 0, "label": column.label, "long": long})
    return found


@register.filter
def lookup(of: dict[str, Any], name: str) -> Any:
    """Give what a dict holds under a name."""
    return of.get(name)
