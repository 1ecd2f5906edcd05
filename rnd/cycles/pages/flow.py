"""The flow: what came to each stage, what is in progress, what gets done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.flow import CumulativeFlow, Throughput, cumulative_flow, throughput
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.presenting import period_label, stage_label, tickets_url

# A picture of more days than this is drawn week by week, from the same lines.
DAILY: Final = 190


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of tickets ever seen, and how they flowed."""
    found = cumulative_flow(actor, filters)
    done = throughput(actor, filters)
    return _last(found.lines[Stage.TRANSIT.value]) or 0, [
        _cumulative(found, filters, done), _in_progress(found, filters), _throughput(done, filters)
    ]  # fmt: skip


def _last(line: Sequence[int]) -> int | None:
    """Give what a line ends with; None for a period without a day that is over or has begun."""
    return line[-1] if line else None


def _open_now(filters: Filters) -> str:
    """Give the way to the tickets in progress; there is none to those that were so on an earlier day."""
    return "" if filters.until else tickets_url(filters, show="open")


def _places(days: Sequence[date]) -> list[int]:
    """Give the places of the days that are shown: all, or each Sunday and the last."""
    if len(days) <= DAILY:
        return list(range(len(days)))
    return [place for place, day in enumerate(days) if day.weekday() == 6 or place == len(days) - 1]


def _thinned(found: CumulativeFlow) -> list[Note]:
    if len(found.days) <= DAILY:
        return []
    return [Note(_("A long period is shown week by week, at each Sunday's end. Narrow it to see every day."))]


def _cumulative(found: CumulativeFlow, filters: Filters, done: Throughput) -> Section:
    bands, places = found.bands(), _places(found.days)
    order = list(reversed(Stage))
    rows = [
        Row(
            [
                found.days[place],
                found.lines["finished"][place],
                *(bands[stage][place] for stage in order),
                found.wip[place],
            ]
        )
        for place in places
    ]
    return Section(
        name="cfd",
        title=_("Cumulative flow"),
        lede=_("Each band is what had come to a stage and not beyond it; together they are the work in progress."),
        notes=_thinned(found),
        figures=[
            Figure("wip", _("In progress"), _last(found.wip), "count", url=_open_now(filters)),
            Figure("arrived", _("Ever seen"), _last(found.lines[Stage.TRANSIT.value]) or 0, "count"),
            Figure("finished", _("Finished"), _last(found.lines["finished"]) or 0, "count",
                   url=tickets_url(filters.but(since=None))),
            Figure(
                "throughput", _("Finished a week"),
                Fraction(7 * sum(done.finished), len(done.days)) if done.days else None, "rate", n=sum(done.finished),
            ),
        ],
        chart=Chart(
            "area",
            _("Tickets by the furthest stage they had come to, day by day"),
            "day",
            [Series("finished", "chart-done"), *(Series(stage.value, f"stage-{stage}") for stage in order)],
        ),
        table=Table(
            [
                Column("day", _("Day"), "day"),
                Column("finished", _("Finished"), "count"),
                *(Column(stage.value, stage_label(stage), "count") for stage in order),
                Column("wip", _("In progress"), "count"),
            ],
            rows,
        ),
    )  # fmt: skip


def _in_progress(found: CumulativeFlow, filters: Filters) -> Section:
    return Section(
        name="wip",
        title=_("Work in progress"),
        lede=_("At each day's end: the gap between the outermost lines of the flow."),
        chart=Chart("line", _("Tickets in progress, day by day"), "day", [Series("wip", "info")]),
        table=Table(
            [Column("day", _("Day"), "day"), Column("wip", _("In progress"), "count")],
            [Row([found.days[place], found.wip[place]]) for place in _places(found.days)],
        ),
    )


def _throughput(found: Throughput, filters: Filters) -> Section:
    rows = []
    for monday, count in found.weeks:
        narrowed = filters.within_days(monday, date.fromordinal(monday.toordinal() + 6))
        link = tickets_url(narrowed)
        rows.append(Row([period_label(monday, "week"), monday, count], {"week": link, "n": link} if count else {}))
    return Section(
        name="throughput",
        title=_("Throughput"),
        lede=_("Loops finished in each week, from Monday to Sunday: an exact count."),
        chart=Chart("bars", _("Finished loops in each week"), "week", [Series("n", "info")]),
        table=Table(
            [
                Column("week", _("Week")),
                Column("monday", _("Monday"), "day", aside=True),
                Column("n", _("Finished"), "count"),
            ],
            rows,
            Row([_("All"), None, sum(found.finished)], {"n": tickets_url(filters)}),
        ),
    )
