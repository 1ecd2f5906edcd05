"""How the report's page shows figures: rounded so that columns still add up, each with its way to the tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, pgettext

from foundation.kit import vocabulary, wording
from foundation.kit.strips import shares
from rnd.cycles.figures import Percentile
from rnd.cycles.filters import Filters
from rnd.cycles.reports import PeriodSums, Place, Summary
from rnd.cycles.shares import round_half_up
from rnd.cycles.stages import Stage
from rnd.cycles.sums import Sums


@dataclass(frozen=True, slots=True)
class Unit:
    """What a table counts in: so many microseconds, shown with two decimals."""

    us: int
    name: str

    @property
    def step(self) -> int:
        """The smallest difference that is shown, in microseconds."""
        return self.us // 100

    def shown(self, microseconds: int | None) -> Decimal | None:
        """Give a whole number of steps as the number that is shown."""
        return None if microseconds is None else Decimal(microseconds // self.step).scaleb(-2)


def unit_for(microseconds: int | None) -> Unit:
    """Give days for what takes two days or more, hours from two hours on, otherwise minutes."""
    length = microseconds or 0
    if length >= 2 * wording.DAY:
        return Unit(wording.DAY, pgettext("unit", "d"))
    if length >= 2 * wording.HOUR:
        return Unit(wording.HOUR, pgettext("unit", "h"))
    return Unit(wording.MINUTE, pgettext("unit", "min"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure, as the kit's `stat` takes it."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    n: int | None = None


@dataclass(frozen=True, slots=True)
class StageRow:
    """The mean time in one stage, its share in percent, and how many loops came through it."""

    stage: str
    mean: Decimal | None
    mean_us: int
    share: Decimal
    visited: int
    url: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One component or period: its loops, their mean, and the mean by stage in the table's unit."""

    label: str
    n: int
    mean: Decimal | None
    means: Sequence[Decimal | None]
    url: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many tickets statistics leave out for one reason."""

    label: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page shows."""

    summary: Summary
    unit: Unit
    figures: Sequence[Figure]
    strip: Mapping[str, int]
    stages: Sequence[StageRow]
    mean: Decimal | None
    components: Sequence[GroupRow]
    periods: Sequence[GroupRow]
    left_out: Sequence[LeftOut]
    open_url: str
    stage_names: Sequence[str] = tuple(Stage)

    @property
    def chart_by_component(self) -> dict[str, Any]:
        """What static/js/charts.js draws: one lying bar for each component."""
        return _chart(self.components, self.unit, across=True)

    @property
    def chart_by_period(self) -> dict[str, Any]:
        """Likewise, one standing bar for each period."""
        return _chart(self.periods, self.unit, across=False)


def present(summary: Summary) -> Report:
    """Lay out a summary for its page."""
    filters, sums = summary.filters, summary.sums
    unit = unit_for(sums.mean_total())
    return Report(
        summary=summary,
        unit=unit,
        figures=_figures(summary),
        strip={stage: length for stage, length in sums.means().items() if length},
        stages=_stage_rows(sums, unit, filters),
        mean=unit.shown(sums.mean_total(unit=unit.step)),
        components=[
            _group_row(part.name, part.sums, unit, filters.but(component=part.slug)) for part in summary.components
        ],
        periods=[
            _group_row(period_label(part, filters.by), part.sums, unit, filters.within_days(part.first, part.last))
            for part in summary.periods
        ],
        left_out=[
            LeftOut(reason_label(reason), n, tickets_url(filters, show=reason))
            for reason, n in summary.left_out.items()
        ],
        open_url=tickets_url(filters, show="open"),
    )


def tickets_url(filters: Filters, **more: str) -> str:
    """Give the address of the tickets behind a figure."""
    query = filters.query(**more)
    return reverse("cycles:report_tickets") + (f"?{query}" if query else "")


def period_label(period: PeriodSums, by: str) -> str:
    """Name a month ("March 2026") or an ISO week ("2026-W10")."""
    if by == "week":
        year, week, _day = period.first.isocalendar()
        return f"{year}-W{week:02d}"
    return _month(period.first)


def _month(day: date) -> str:
    return date_format(day, "M Y")


def reason_label(reason: str) -> str:
    """Name the reason why a ticket is left out."""
    if reason == "merged":
        return gettext("Merged into another ticket")
    return str(vocabulary.word("outcome", reason).label)


def _figures(summary: Summary) -> list[Figure]:
    sums, filters = summary.sums, summary.filters
    return [
        *(_percentile(place, filters) for place in summary.places),
        Figure(gettext("Mean loop"), wording.duration(sums.mean_total()), url=tickets_url(filters), n=sums.n),
        Figure(
            gettext("Flow efficiency"),
            _percent(sums.efficiency),
            gettext("not recorded: nobody marked who works on what")
            if sums.efficiency is None
            else gettext("active time ÷ all time, where work was recorded"),
            n=sums.recorded_n,
        ),
        Figure(gettext("Fixed the first time"), _percent(sums.first_time_rate), n=sums.n),
    ]


def _percentile(place: Place, filters: Filters) -> Figure:
    found = place.percentile
    label = gettext("Loop, p%(percent)s") % {"percent": found.percent}
    if found.value is None:
        return Figure(label, "–", gettext("hidden: too few loops"), n=found.n)
    url = tickets_url(filters, sort="longest", at_least=str(found.value))
    return Figure(label, wording.duration(found.value), _interval(found), url, found.n)


def _interval(found: Percentile) -> str:
    """Write the 95 % interval; with few loops one end of it, or both, lie beyond all of them."""
    ends = {"low": wording.duration(found.low), "high": wording.duration(found.high)}
    if found.low is not None and found.high is not None:
        return gettext("95 %% interval: %(low)s to %(high)s") % ends
    if found.low is not None:
        return gettext("95 %% interval: %(low)s or more") % ends
    if found.high is not None:
        return gettext("95 %% interval: %(high)s or less") % ends
    return gettext("too few loops for an interval")


def _percent(share: Fraction | None) -> str:
    """Write a share with one decimal, rounded half up."""
    if share is None:
        return "–"
    return f"{number_format(Decimal(round_half_up(share * 1000)).scaleb(-1), 1)}\N{NO-BREAK SPACE}%"


def _stage_rows(sums: Sums, unit: Unit, filters: Filters) -> list[StageRow]:
    exact, rounded = sums.means(), sums.means(unit=unit.step)
    split = dict(zip(Stage, shares([sums.stages[stage] for stage in Stage]), strict=True))
    return [
        StageRow(
            stage=stage,
            mean=unit.shown(rounded[stage]),
            mean_us=exact[stage],
            share=Decimal(split[stage]).scaleb(-2) if sums.total else Decimal(0),
            visited=sums.visited[stage],
            url=tickets_url(filters, stage=stage, sort="longest"),
        )
        for stage in Stage
    ]


def _group_row(label: str, sums: Sums, unit: Unit, filters: Filters) -> GroupRow:
    rounded = sums.means(unit=unit.step)
    return GroupRow(
        label=label,
        n=sums.n,
        mean=unit.shown(sums.mean_total(unit=unit.step)),
        means=[unit.shown(rounded[stage]) if sums.n else None for stage in Stage],
        url=tickets_url(filters) if sums.n else "",
    )


def _chart(rows: Sequence[GroupRow], unit: Unit, *, across: bool) -> dict[str, Any]:
    """Give one stacked bar for each row; numbers are the ones of the table."""
    return {
        "kind": "stacked",
        "across": across,
        "unit": unit.name,
        "labels": [f"{row.label} (n = {row.n})" for row in rows],
        "links": [row.url for row in rows],
        "series": [
            {
                "label": str(vocabulary.word("stage", stage).label),
                "colour": f"stage-{stage}",
                "values": [float(row.means[position] or 0) for row in rows],
            }
            for position, stage in enumerate(Stage)
        ],
    }
