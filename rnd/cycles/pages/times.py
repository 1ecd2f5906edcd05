"""The shape of loop times: every loop as a dot, how many took how long, and percentiles over time."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from foundation.kit import wording
from rnd.cycles.analysis.glance import trend
from rnd.cycles.analysis.shape import Histogram, Scatter, histogram, scatter
from rnd.cycles.documents import Chart, Column, Level, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages.glance import trend_section
from rnd.cycles.pages.parts import few, percentile_figures
from rnd.cycles.presenting import tickets_url


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of finished loops, and their times one by one and together."""
    dots = scatter(actor, filters)
    return dots.loop.n, [
        _dots(dots, filters),
        _bars(histogram(actor, filters), filters),
        trend_section(trend(actor, filters), filters, page="cycles:report_times"),
    ]


def _dots(found: Scatter, filters: Filters) -> Section:
    notes = few(found.loop.n)
    if found.left_out > 0:
        said = ngettext(
            "%(n)d older loop is not drawn; the lines count all.",
            "%(n)d older loops are not drawn; the lines count all.",
            found.left_out,
        )
        notes.append(Note(said % {"n": found.left_out}, "info"))
    return Section(
        name="dots",
        title=_("Every finished loop"),
        lede=_("Each dot is a ticket: when it was fixed, and how long its loop took. Click it to open the ticket."),
        notes=notes,
        figures=percentile_figures(found.loop, filters),
        chart=Chart(
            "scatter",
            _("Loop time of each finished ticket, with lines at p50, p85 and p95"),
            "finished_at",
            [Series("total_us", "info")],
            levels=[Level(f"p{one.percent}", one.value) for one in found.loop.percentiles if one.value is not None],
        ),
        table=Table(
            [
                Column("ticket", _("Ticket"), "ticket"),
                Column("finished_at", _("Fixed"), "moment"),
                Column("total_us", _("Loop"), "us"),
                Column("passes", _("Passes"), "count"),
            ],
            [Row([dot.ticket_id, dot.finished_at, dot.total_us, dot.passes]) for dot in found.dots],
        ),
    )


def _bars(found: Histogram, filters: Filters) -> Section:
    rows = []
    for bar in found.bars:
        if bar.until_us is None:
            label = _("%(length)s or longer") % {"length": wording.duration(bar.since_us)}
            link = tickets_url(filters, sort="longest", at_least=str(bar.since_us))
        else:
            ends = {"since": wording.duration(bar.since_us), "until": wording.duration(bar.until_us)}
            label = _("%(since)s to %(until)s") % ends
            link = tickets_url(filters, sort="longest", at_least=str(bar.since_us), under=str(bar.until_us))
        links = {"length": link, "n": link} if bar.n else {}
        rows.append(Row([label, bar.since_us, bar.until_us, bar.n], links))
    return Section(
        name="histogram",
        title=_("How many loops took how long"),
        lede=_("Bars are equally wide and cover at least 95 % of the loops; the last one holds all longer ones."),
        chart=Chart("bars", _("Count of loops by their length"), "length", [Series("n", "info")], begins="since_us"),
        table=Table(
            [
                Column("length", _("Length")),
                Column("since_us", _("From"), "us", aside=True),
                Column("until_us", _("below"), "us", aside=True),
                Column("n", _("Loops"), "count"),
            ],
            rows,
            Row([_("All"), None, None, found.n], {"n": tickets_url(filters)}),
        ),
    )
