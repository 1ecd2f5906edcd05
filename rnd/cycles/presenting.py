"""How reports are put into words and pictures: values for people, charts for the screen, ways to the tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from foundation.kit import components, vocabulary, wording
from frontline_feedback import keys as tickets
from rnd.cycles.analysis import chances
from rnd.cycles.documents import Column, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.statistics.shares import round_half_up
from rnd.engineering import keys as tasks

NBSP: Final = "\N{NO-BREAK SPACE}"
MOST_KEYS: Final = 8
MOST_LISTED: Final = 300
# The colour of a series in which each value has the colour of its row's stage: what the first column of stages names.
STAGE_COLOURS: Final = "stage"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a chart counts in: so many microseconds, drawn with two decimals."""

    us: int
    name: str

    def drawn(self, microseconds: int) -> float:
        """Give the number that is drawn."""
        return round_half_up(Fraction(microseconds * 100, self.us)) / 100


def unit_for(microseconds: int | None) -> Unit:
    """Give days for what takes two days or more, hours from two hours on, otherwise minutes."""
    length = microseconds or 0
    if length >= 2 * wording.DAY:
        return Unit(wording.DAY, pgettext("unit", "d"))
    if length >= 2 * wording.HOUR:
        return Unit(wording.HOUR, pgettext("unit", "h"))
    return Unit(wording.MINUTE, pgettext("unit", "min"))


def tickets_url(filters: Filters, **more: str) -> str:
    """Give the address of the tickets behind a figure."""
    query = filters.query(**more)
    return reverse("cycles:report_tickets") + (f"?{query}" if query else "")


def all_rows_url(filters: Filters, report: str) -> str:
    """Give the address of the file with all rows behind the lists that a report cuts."""
    return f"{reverse(f'cycles:csv_{report}')}?{filters.query(rows='all')}"


def period_label(first: date, by: str) -> str:
    """Name a month ("Mar 2026"), an ISO week ("2026-W10") or a quarter ("Q1 2026")."""
    if by == "week":
        year, week, _day = first.isocalendar()
        return f"{year}-W{week:02d}"
    if by == "quarter":
        return gettext("Q%(quarter)d %(year)d") % {"quarter": first.month // 3 + 1, "year": first.year}
    return wording.month(first)


def reason_label(reason: str) -> str:
    """Name the reason why a ticket is left out."""
    if reason == "merged":
        return gettext("Merged into another ticket")
    return str(vocabulary.word("outcome", reason).label)


def outlook_label(outlook: str) -> str:
    """Name what is to be expected of a ticket's service level."""
    return {
        chances.MISSED: gettext("missed"),
        chances.AT_RISK: gettext("about to miss it"),
        chances.ON_TRACK: gettext("on track"),
        chances.UNKNOWN: gettext("too few to say"),
        chances.NO_LEVEL: gettext("nothing promised"),
    }[outlook]


def stage_label(stage: str) -> str:
    """Name a stage."""
    return str(vocabulary.word("stage", stage).label)


def decimal(value: Fraction, places: int) -> str:
    """Write a fraction with so many decimals, rounded half up, as the reader's language does."""
    return number_format(Decimal(round_half_up(value * 10**places)).scaleb(-places), places, use_l10n=True)


def percent(share: Fraction) -> str:
    """Write a share that is a whole number of per cents, as promises are."""
    return f"{decimal(share * 100, 0)}{NBSP}%"


def written(value: Any, kind: str) -> str:
    """Write a value in plain words of the reader's language."""
    if value is None or value == ():
        return "–"
    return _WORDS.get(kind, str)(value)


_WORDS: Final[dict[str, Callable[[Any], str]]] = {
    "us": wording.duration,
    "count": lambda value: number_format(value, 0, use_l10n=True, force_grouping=True),
    "share": lambda value: f"{decimal(value * 100, 1)}{NBSP}%",
    "ratio": lambda value: f"{decimal(value, 2)}{NBSP}×",
    "rate": lambda value: decimal(value, 2),
    "stage": stage_label,
    "day": wording.day,
    "moment": wording.exact,
    "ticket": tickets.key_of,
    "tickets": lambda value: ", ".join(tickets.key_of(pk) for pk in value),
    "tasks": lambda value: ", ".join(tasks.key_of(pk) for pk in value),
}


def shown(value: Any, kind: str, url: str = "") -> SafeString:
    """Give a value as a page shows it, as a link where there is something behind it."""
    if value is None or value in {(), ""}:
        return SafeString('<span class="faint">–</span>')
    if kind == "ticket":
        return components.key_chip(tickets.key_of(value), f"/{tickets.key_of(value)}")
    if kind in {"tickets", "tasks"}:
        return _keys(value, tickets if kind == "tickets" else tasks)
    html = _DRAWN[kind](value) if kind in _DRAWN else format_html("{}", written(value, kind))
    return format_html('<a href="{}">{}</a>', url, html) if url else html


_DRAWN: Final[dict[str, Callable[[Any], SafeString]]] = {
    "stage": components.stage_badge,
    "severity": lambda value: components.severity_badge(value, short=True),
    "us": components.duration,
    "moment": components.moment,
    "day": lambda value: format_html('<span class="nowrap">{}</span>', written(value, "day")),
}


def _keys(pks: Iterable[int], room: Any) -> SafeString:
    """Give the first keys as chips, and the others behind a click as far as a page can hold them."""
    some = list(pks)
    first, rest = _chips(some[:MOST_KEYS], room), some[MOST_KEYS:MOST_LISTED]
    if not rest:
        return first
    said = ngettext("and %(n)d more", "and %(n)d more", len(some) - MOST_KEYS) % {"n": len(some) - MOST_KEYS}
    left = len(some) - MOST_LISTED
    unlisted = ngettext("and %(n)d more in the files", "and %(n)d more in the files", left) % {"n": left}
    return format_html(
        '{} <details class="more-keys"><summary class="nowrap">{}</summary>{}{}</details>',
        first,
        said,
        _chips(rest, room),
        format_html(' <span class="muted">{}</span>', unlisted) if left > 0 else "",
    )


def _chips(pks: Iterable[int], room: Any) -> SafeString:
    return format_html_join(" ", "{}", ((components.key_chip(room.key_of(pk), f"/{room.key_of(pk)}"),) for pk in pks))


def longest_drawn(section: Section) -> int:
    """Give the longest length in the section's chart; 0 where it draws none."""
    chart, table = section.chart, section.table
    assert chart is not None
    assert table is not None
    columns = [table.column(series.column) for series in chart.series]
    lengths = [value for column in columns if column.kind == "us" for value in table.values(column.name) if value]
    return max([*lengths, *(level.value for level in chart.levels)], default=0)


def chart_of(section: Section, zone: str = "UTC", *, longest: int | None = None) -> dict[str, Any]:
    """Give what static/js/charts.js draws: the numbers of the section's table, and how its days are written.

    `longest` is the longest length of all charts that share its scale, which its unit fits; None: its own.
    """
    chart, table = section.chart, section.table
    assert chart is not None
    assert table is not None
    columns = [table.column(series.column) for series in chart.series]
    unit = unit_for(longest_drawn(section) if longest is None else longest)
    along = table.column(chart.along)
    labels = [_label(value, along) for value in table.values(chart.along)]
    return {
        "name": section.name,
        "kind": chart.kind,
        "across": chart.across,
        # Stages are told by their names: where there is no room for all of them side by side, they stand in a column.
        "names": along.kind == "stage",
        "unit": unit.name if any(column.kind == "us" for column in columns) else _unit_of(columns),
        "labels": labels,
        **(_days(labels, zone) if along.kind == "moment" else {}),
        **({"edges": _edges(table, chart.begins)} if chart.begins else {}),
        "links": _links(table, chart.along),
        "series": [
            {
                "label": column.label,
                "colour": series.colour,
                "dashed": series.dashed,
                **({"colours": stage_colours(table)} if series.colour == STAGE_COLOURS else {}),
                "values": [drawn(value, column.kind, unit) for value in table.values(column.name)],
            }
            for series, column in zip(chart.series, columns, strict=True)
        ],
        "levels": [{"label": level.label, "value": unit.drawn(level.value)} for level in chart.levels],
    }


def drawn(value: Any, kind: str, unit: Unit) -> float | None:
    """Give the number that a chart draws for a value; None leaves a gap."""
    if value is None:
        return None
    if kind == "us":
        return unit.drawn(value)
    return round_half_up(Fraction(value) * (10_000 if kind == "share" else 100)) / 100


def _days(moments: list[int], zone: str) -> dict[str, Any]:
    """Give the first and the last day of the zone that moments lie on, and the words in which days are written."""
    days = [datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date() for at in (min(moments), max(moments))]
    ends = [datetime.combine(one, time.min, ZoneInfo(zone)) for one in (days[0], days[1] + timedelta(days=1))]
    months = [wording.month(date(days[0].year, number, 1)).split()[0] for number in range(1, 13)]
    return {"zone": zone, "months": months, "from": _stamp(ends[0]), "until": _stamp(ends[1])}


def _edges(table: Table, begins: str) -> list[str]:
    """Name where each bar begins: the first at 0 in no unit, the last with all that is longer."""
    kind = table.column(begins).kind
    *bounds, last = (written(value, kind) if value else "0" for value in table.values(begins))
    return [*bounds, f"≥{NBSP}{last}"]


def _stamp(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)


def stage_colours(table: Table) -> list[str]:
    """Name the colour of each row: that of its stage, and grey where it has none, for blue would look like Build."""
    stages = next(column.name for column in table.columns if column.kind == "stage")
    return [f"stage-{stage}" if stage else "line-control" for stage in table.values(stages)]


def _unit_of(columns: Iterable[Column]) -> str:
    return "%" if all(column.kind == "share" for column in columns) else ""


def _label(value: Any, column: Column) -> Any:
    if column.kind == "moment" and isinstance(value, datetime):
        return _stamp(value)
    return written(value, column.kind)


def _links(table: Table, along: str) -> list[str]:
    place = table.columns.index(table.column(along))
    ticket = next((n for n, column in enumerate(table.columns) if column.kind == "ticket"), None)
    if ticket is not None:
        return [f"/{tickets.key_of(row.values[ticket])}" for row in table.rows]
    return [row.links.get(table.columns[place].name, "") for row in table.rows]
