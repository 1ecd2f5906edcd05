"""How promises are shown, and how past ones were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from rnd.cycles.documents import Chart, Column, Figure, Row, Section, Series, Table
from rnd.cycles.pages.parts import hit_columns, hits_label
from rnd.cycles.presenting import percent
from rnd.cycles.statistics import calibration, counts
from rnd.cycles.statistics.figures import P85

DAY_US: Final = 86_400_000_000
_SERIES: Final = (
    Series("promised", "ink"), Series("realised", "info"), Series("expected", "line-control", dashed=True),
)  # fmt: skip


def by_days(
    when: Mapping[Fraction, calibration.Forecast], day_of: Callable[[int | None], date | None]
) -> tuple[list[Figure], Table]:
    """Give the day that is promised with each probability: as figures, and as a table with how it came about."""
    figures, rows = [], []
    for p, one in when.items():
        day = day_of(one.promised)
        figures.append(
            Figure(
                f"p{int(p * 100)}", _("With %(share)s") % {"share": percent(p)}, day, "day",
                n=one.trials, note=hits_label(one.hits, one.trials), strong=p == P85,
            )
        )  # fmt: skip
        rows.append(Row([p, day, one.promised, one.raw, how(one), one.hit_rate, one.hits, one.trials]))
    columns = [
        Column("confidence", _("Confidence"), "share"),
        Column("day", _("By"), "day"),
        Column("promised", _("Days"), "count"),
        Column("raw", _("Days, uncalibrated"), "count"),
        Column("how", _("How")),
        *hit_columns(),
    ]
    return figures, Table(columns, rows)


def how(one: calibration.Promise) -> str:
    """Say how a promise came about; nothing of one that cannot be made."""
    if one.promised is None:
        return ""
    return _("calibrated by past forecasts") if one.calibrated else _("uncalibrated: too few past forecasts")


def past_days(
    name: str, trials: Sequence[calibration.Trial], made: Callable[[int], date], *, title: str, lede: str
) -> Section:
    """Show past forecasts of when beside what came; `made` gives the day of a trial's origin."""
    calibrated, raw = (calibration.promises_kept(trials, calibrated=apart) for apart in (True, False))
    rule = _(
        "A promise held if the loops were done in the promised days or sooner, and is missed once these are over. "
        "It is counted when they are: else what came early would be counted before what is late. "
        "The first ones could not be calibrated yet, and are counted apart."
    )
    rows = [
        Row(
            [
                made(one.origin), one.expected * DAY_US, one.promised * DAY_US,
                None if one.realised is None else one.realised * DAY_US,
                *_ending(calibrated=one.calibrated, hit=one.hit, counted=one.counts(one.promised)),
            ]
        )
        for one in trials
    ]  # fmt: skip
    return Section(
        name=name,
        title=title,
        lede=f"{lede} {rule}",
        figures=[
            *_shares(calibrated, raw),
            _share("expected_p50", _("Even chance held"), calibration.even_chances_kept(trials)),
        ],
        chart=Chart("line", _("Promised and realised days of each past forecast"), "made", _SERIES),
        table=Table(_columns("us"), rows),
        open=True,
    )


def past_counts(
    name: str, trials: Sequence[counts.Trial], made: Callable[[int], date], *, title: str, lede: str
) -> Section:
    """Show past forecasts of how many beside what came."""
    calibrated, raw = (counts.promises_kept(trials, calibrated=apart) for apart in (True, False))
    rows = [
        Row(
            [
                made(one.origin), one.expected, one.promised, one.came,
                *_ending(calibrated=one.calibrated, hit=one.hit, counted=one.came is not None),
            ]
        )
        for one in trials
    ]  # fmt: skip
    return Section(
        name=name,
        title=title,
        lede=lede,
        figures=_shares(calibrated, raw),
        chart=Chart("line", _("Promised and realised loops of each past forecast"), "made", _SERIES),
        table=Table(_columns("count"), rows),
        open=True,
    )


def _shares(calibrated: tuple[int, int], raw: tuple[int, int]) -> list[Figure]:
    return [
        _share("hit_rate", _("Calibrated promises that held"), calibrated, strong=True),
        _share("hit_rate_raw", _("Uncalibrated promises that held"), raw),
        Figure("promise", _("What was promised"), Fraction(P85), "share"),
    ]


def _share(key: str, label: str, kept: tuple[int, int], *, strong: bool = False) -> Figure:
    hits, of = kept
    share = Fraction(hits, of) if of else None
    return Figure(key, label, share, "share", n=of, note=hits_label(hits, of), strong=strong)


def _columns(kind: str) -> list[Column]:
    return [
        Column("made", _("Made on"), "day"),
        Column("expected", _("Even chance"), kind),
        Column("promised", _("Promised"), kind),
        Column("realised", _("Came"), kind),
        Column("calibrated", _("Calibrated")),
        Column("held", _("Result")),
    ]


def _ending(*, calibrated: bool, hit: bool | None, counted: bool) -> list[Any]:
    """Give the last cells of a past forecast: whether it was calibrated, and what became of it."""
    result = {None: _("not decided yet"), True: _("held"), False: _("missed")}[hit]
    if hit and not counted:
        result = _("held early, not counted yet")
    return [_("yes") if calibrated else _("no"), result]
