"""The loop at a glance: how long it takes, how that changed, how much shorter it is than in the baseline."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.glance import Compressed, Glance, Trend, glance
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages.parts import (
    PERCENTILE_SERIES,
    few,
    left_out,
    percentile_columns,
    percentile_figures,
    percentile_links,
    percentile_values,
)
from rnd.cycles.presenting import period_label, tickets_url, written


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of finished loops, and the headline with what stands behind it."""
    found = glance(actor, filters)
    every = Finished(actor, filters).sums
    figures = [
        *_compression(found.compressed),
        *percentile_figures(found.loop, filters, strong=True),
        Figure("n", _("Finished loops"), found.loop.n, "count", url=tickets_url(filters)),
        Figure("mean", _("Mean loop"), every.mean_total(), n=every.n, url=tickets_url(filters)),
        Figure(
            "first_time_rate", _("Fixed the first time"), every.first_time_rate, "share", n=every.n,
            url=tickets_url(filters, passes="1"),
        ),
        Figure(
            "flow_efficiency", _("Flow efficiency"), every.efficiency, "share", n=every.recorded_n,
            note=_("not recorded: nobody marked who works on what")
            if every.efficiency is None
            else _("active time ÷ all time, where work was recorded"),
        ),
    ]  # fmt: skip
    sections = [
        Section(
            name="headline",
            title=_("From seen in the field to fixed"),
            notes=[*few(found.loop.n), *_no_baseline(found, filters)],
            figures=figures,
        ),
        trend_section(found.trend, filters, page="cycles:reports"),
    ]
    if found.compressed is not None:
        sections.append(_by_stage(found.compressed))
    sections.append(
        Section(
            name="first_finish",
            title=_("To the first verdict “fixed”"),
            lede=_("The same loops up to the first time that a team said “fixed”, whatever came after it."),
            notes=left_out(found.left_out, found.still_open, filters),
            table=Table(
                [Column("clock", _("Clock")), Column("n", "n", "count"), *percentile_columns()],
                [
                    Row(
                        [_("to the last finish"), found.loop.n, *percentile_values(found.loop.percentiles)],
                        percentile_links(found.loop.percentiles, filters),
                    ),
                    Row(
                        [
                            _("to the first finish"),
                            found.first_finish.n,
                            *percentile_values(found.first_finish.percentiles),
                        ]
                    ),
                ],
            ),
            open=True,
        )
    )
    return found.loop.n, sections


def trend_section(found: Trend, filters: Filters, *, page: str) -> Section:
    """Give the percentiles over time, for the page of this name."""
    rows = []
    for point in found.points:
        narrowed = filters.within_days(point.first, point.last)
        links = percentile_links(point.ranked.percentiles, narrowed)
        if point.ranked.n:
            links["period"] = links["n"] = tickets_url(narrowed)
        rows.append(
            Row(
                [
                    period_label(point.first, found.by),
                    point.first,
                    point.last,
                    point.ranked.n,
                    *percentile_values(point.ranked.percentiles),
                ],
                links,
            )
        )
    return Section(
        name="trend",
        title={
            "week": _("Percentiles by week of the verdict"),
            "month": _("Percentiles by month of the verdict"),
            "quarter": _("Percentiles by quarter of the verdict"),
        }[found.by],
        lede=_("A gap in a line is a period with fewer than ten finished loops."),
        notes=_gaps(found, filters, page),
        chart=Chart("line", _("p50, p85 and p95 of the loop in each period"), "period", PERCENTILE_SERIES),
        table=Table(
            [
                Column("period", pgettext("of time", "Period")),
                Column("first", _("First day"), "day", aside=True),
                Column("last", _("Last day"), "day", aside=True),
                Column("n", "n", "count"),
                *percentile_columns(),
            ],
            rows,
        ),
    )


def _gaps(found: Trend, filters: Filters, page: str) -> list[Note]:
    """Lead to longer periods where most are hidden and some longer ones would not be; say where they are longer."""

    def note(said: str, by: str) -> list[Note]:
        return [Note(said, url=f"{reverse(page)}?{filters.but(by=by).query()}")]

    if found.by != filters.period:
        return note(_("By quarter: most months have fewer than ten finished loops. See them by month."), "month")
    longer = _LONGER.get(found.by)
    if longer is None or not (found.mostly_hidden and found.shows_more(longer)):
        return []
    said = {
        "month": _("Most weeks have fewer than ten finished loops: see them by month."),
        "quarter": _("Most months have fewer than ten finished loops: see them by quarter."),
    }[longer]
    return note(said, longer)


_LONGER: Final = {"week": "month", "month": "quarter"}


def _compression(compressed: Compressed | None) -> list[Figure]:
    if compressed is None:
        return []
    loop = compressed.loop
    if loop.ratio is None:
        note = _("hidden: fewer than ten loops on one side")
    elif loop.low is not None and loop.high is not None:
        note = _("interval: %(low)s to %(high)s; baseline n = %(n)d") % {
            "low": written(loop.low, "ratio"),
            "high": written(loop.high, "ratio"),
            "n": loop.before.n,
        }
    else:
        note = _("baseline n = %(n)d; too few loops for an interval") % {"n": loop.before.n}
    return [Figure("compression", _("Compression"), loop.ratio, "ratio", n=loop.now.n, note=note, strong=True)]


def _no_baseline(found: Glance, filters: Filters) -> list[Note]:
    if found.compressed is not None:
        held = found.compressed.baseline
        said = _(
            "Compression is the median of the baseline (%(first)s to %(last)s) divided by the median of these loops."
        )
        ends = {"first": written(held.first, "day"), "last": written(held.last, "day")}
        return [Note(said % ends, url=reverse("cycles:levels", kwargs={"programme": filters.programme}))]
    if filters.programme:
        said = _("No baseline is set, so there is no compression to show.")
        return [Note(said, "info", reverse("cycles:levels", kwargs={"programme": filters.programme}))]
    return [Note(_("Choose one programme to see its compression against its baseline."), "info")]


def _by_stage(compressed: Compressed) -> Section:
    rows = []
    for stage in Stage:
        one = compressed.stages[stage]
        rows.append(
            Row([stage.value, one.before.n, one.before.value, one.now.n, one.now.value, one.ratio, one.low, one.high])
        )
    loop = compressed.loop
    return Section(
        name="compression",
        title=_("Compression by stage"),
        lede=_(
            "Baseline median ÷ present median: 2 × means that it takes half as long. "
            "Both ends of an interval hold together with at least 90 %."
        ),
        table=Table(
            [
                Column("stage", _("Stage"), "stage"),
                Column("before_n", _("n before"), "count"),
                Column("before", _("Median before"), "us"),
                Column("now_n", _("n now"), "count"),
                Column("now", _("Median now"), "us"),
                Column("ratio", _("Compression"), "ratio"),
                Column("low", _("at least"), "ratio"),
                Column("high", _("at most"), "ratio"),
            ],
            rows,
            Row(
                [
                    _("Loop"),
                    loop.before.n,
                    loop.before.value,
                    loop.now.n,
                    loop.now.value,
                    loop.ratio,
                    loop.low,
                    loop.high,
                ]
            ),
        ),
        open=True,
    )
