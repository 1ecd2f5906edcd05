"""Where the time goes: by stage and mode, in a long loop, by component and by period."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.accounts.actors import Actor
from foundation.kit import vocabulary
from rnd.cycles import reports
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.analysis.stages import WhereTimeGoes, where_time_goes
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.facts.sums import Sums
from rnd.cycles.filters import Filters
from rnd.cycles.listing import BAND, RECORDED
from rnd.cycles.pages.parts import left_out, percentile_columns, percentile_values
from rnd.cycles.presenting import period_label, stage_label, tickets_url

STAGE_SERIES = [Series(stage.value, f"stage-{stage}") for stage in Stage]


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of finished loops and where their time went."""
    found = where_time_goes(actor, filters)
    groups = Finished(actor, filters).groups()
    components = [(part.name, part.sums, filters.but(component=part.slug)) for part in reports.by_component(groups)]
    periods = [
        (period_label(part.first, filters.period), part.sums, filters.within_days(part.first, part.last))
        for part in reports.periods_of(groups, filters.period)
    ]
    return found.all.n, [
        _split(
            found,
            filters,
            left_out(reports.left_out_by_reason(actor, filters), still_open(actor, filters), filters),
        ),
        _modes(found, filters),
        _percentiles(found, filters),
        _groups("components", _("By component"), _("Component"), components, across=True),
        _groups(
            "periods",
            {
                "week": _("By week of the verdict"),
                "month": _("By month of the verdict"),
                "quarter": _("By quarter of the verdict"),
            }[filters.period],
            pgettext("of time", "Period"),
            periods,
        ),
    ]


def _split(found: WhereTimeGoes, filters: Filters, notes: Sequence[Note]) -> Section:
    every, exact, band = found.all, found.all.means(), found.band_means()
    rows = []
    for stage in Stage:
        share = Fraction(every.stages[stage], every.total) if every.total else None
        of_band = Fraction(found.band.stages[stage], found.band.total) if found.band.total else None
        link = tickets_url(filters, stage=stage.value, sort="longest")
        rows.append(
            Row(
                [stage.value, every.stages[stage], exact[stage], share, band[stage], of_band, every.visited[stage]],
                {"visited": link, "stage": link} if every.visited[stage] else {},
            )
        )
    whole = Fraction(1) if every.total else None
    band_url = tickets_url(filters, band=BAND, sort="longest") if found.band.n else ""
    return Section(
        name="split",
        title=_("Mean time in each stage"),
        lede=_("Means add up exactly. Beside them: the loops from the p80 to the p90, of which a long loop is made."),
        notes=notes,
        figures=[
            Figure("n", _("Finished loops"), every.n, "count", url=tickets_url(filters)),
            Figure("mean", _("Mean loop"), every.mean_total(), n=every.n, url=tickets_url(filters, sort="longest")),
            Figure("band_mean", _("Mean loop from p80 to p90"), found.band.mean_total(), n=found.band.n, url=band_url),
            Figure(
                "recorded",
                _("Loops with recorded work"),
                found.recorded,
                "count",
                url=tickets_url(filters, work=RECORDED) if found.recorded else "",
            ),
        ],
        strip={stage.value: length for stage, length in exact.items() if length},
        table=Table(
            [
                Column("stage", _("Stage"), "stage"),
                Column("sum_us", _("Sum"), "us", aside=True),
                Column("mean", _("Mean"), "us"),
                Column("share", _("Share"), "share"),
                Column("band_mean", _("Mean, p80–p90"), "us"),
                Column("band_share", _("Share, p80–p90"), "share"),
                Column("visited", _("Loops through it"), "count"),
            ],
            rows,
            Row(
                [
                    _("Loop"),
                    every.total,
                    every.mean_total(),
                    whole,
                    found.band.mean_total(),
                    Fraction(1) if found.band.total else None,
                    every.n,
                ],
                {"visited": tickets_url(filters), **({"band_mean": band_url} if band_url else {})},
            ),
        ),
        open=True,
    )


def _modes(found: WhereTimeGoes, filters: Filters) -> Section:
    rows = [
        Row(
            [stage.value, *(found.modes[stage][mode] for mode in Mode)],
            {"stage": tickets_url(filters, stage=stage.value, sort="longest")},
        )
        for stage in Stage
    ]
    sums = [sum(found.modes[stage][mode] for stage in Stage) for mode in Mode]
    return Section(
        name="modes",
        title=_("Active, waiting and blocked"),
        lede=_("The time of all finished loops. Where nobody marked who works on what, everything counts as waiting."),
        chart=Chart(
            "stacked",
            _("Active, waiting and blocked time in each stage"),
            "stage",
            [Series("active", "good"), Series("waiting", "line-strong"), Series("blocked", "bad")],
        ),
        table=Table(
            [
                Column("stage", _("Stage"), "stage"),
                *(Column(mode.value, str(vocabulary.word("mode", mode.value).label), "us") for mode in Mode),
            ],
            rows,
            Row([_("Loop"), *sums]),
        ),
    )


def _percentiles(found: WhereTimeGoes, filters: Filters) -> Section:
    return Section(
        name="stage_percentiles",
        title=_("Percentiles of each stage"),
        lede=_("Of the loops that came through it. They do not add up to the percentiles of the loop."),
        table=Table(
            [Column("stage", _("Stage"), "stage"), Column("n", "n", "count"), *percentile_columns()],
            [
                Row(
                    [stage.value, some.n, *percentile_values(some.percentiles)],
                    {"n": tickets_url(filters, stage=stage.value, sort="longest")} if some.n else {},
                )
                for stage, some in found.stage_percentiles.items()
            ],
        ),
        open=True,
    )


def _groups(
    name: str, title: str, head: str, groups: Sequence[tuple[str, Sums, Filters]], *, across: bool = False
) -> Section:
    rows: list[Row] = []
    for label, sums, filters in groups:
        means: list[Any] = [sums.means()[stage] if sums.n else None for stage in Stage]
        link = {"group": tickets_url(filters)} if sums.n else {}
        rows.append(Row([label, sums.n, *means, sums.mean_total()], link))
    return Section(
        name=name,
        title=title,
        chart=Chart("stacked", _("Mean time by stage for each row of the table"), "group", STAGE_SERIES, across=across),
        table=Table(
            [
                Column("group", head),
                Column("n", "n", "count"),
                *(Column(stage.value, stage_label(stage), "us") for stage in Stage),
                Column("mean", _("Mean loop"), "us"),
            ],
            rows,
        ),
    )
