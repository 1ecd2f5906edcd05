"""Every past forecast beside what came: of when, of how many, and of the flow model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.analysis.prospects import Prospects
from rnd.cycles.documents import Chart, Column, Figure, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages import what_if
from rnd.cycles.pages.forecast import asked_of
from rnd.cycles.pages.parts import hits_label
from rnd.cycles.statistics import counts, forecast
from rnd.cycles.statistics.figures import P85

DAY_US: Final = 86_400_000_000


def build(actor: Actor, filters: Filters, asked: Mapping[str, int]) -> tuple[int, list[Section]]:
    """Give the count of past forecasts of when that are judged, and each of all beside what came."""
    found = asked_of(actor, filters, asked, still_open(actor, filters))
    judged = [trial for trial in found.trials if trial.counts(trial.promised)]
    return len(judged), [_when(found), _how_many(found), what_if.past_section(actor, filters)]


def _when(found: Prospects) -> Section:
    calibrated, raw = (forecast.promises_kept(found.trials, calibrated=apart) for apart in (True, False))
    said = ngettext(
        "Past forecasts of %(n)d loop, made with 85 %%", "Past forecasts of %(n)d loops, made with 85 %%", found.n
    )
    return Section(
        name="backtest",
        title=said % {"n": found.n},
        lede=_(
            "One for the end of each week, from nothing but what was known then. "
            "A promise held if the loops were done in the promised days or sooner, and is missed once these are over. "
            "It is counted when they are: else what came early would be counted before what is late. "
            "The first ones could not be calibrated yet, and are counted apart."
        ),
        figures=[
            *_shares(calibrated, raw),
            _share_figure("expected_p50", _("Even chance held"), forecast.even_chances_kept(found.trials)),
        ],
        chart=Chart(
            "line",
            _("Promised and realised days of each past forecast"),
            "made",
            [Series("promised", "ink"), Series("realised", "info"), Series("expected", "line-control", dashed=True)],
        ),
        table=Table(
            _columns("us"),
            [
                Row(
                    [
                        _made(found, trial.origin),
                        trial.expected * DAY_US,
                        trial.promised * DAY_US,
                        None if trial.realised is None else trial.realised * DAY_US,
                        _("yes") if trial.calibrated else _("no"),
                        _result(hit=trial.hit, counted=trial.counts(trial.promised)),
                    ]
                )
                for trial in found.trials
            ],
        ),
        open=True,
    )


def _how_many(found: Prospects) -> Section:
    calibrated, raw = (counts.promises_kept(found.count_trials, calibrated=apart) for apart in (True, False))
    said = ngettext(
        "Past forecasts of %(n)d day, made with 85 %%", "Past forecasts of %(n)d days, made with 85 %%", found.days
    )
    return Section(
        name="counts",
        title=said % {"n": found.days},
        lede=_("How many loops would finish at least, beside how many did, for the end of each week."),
        figures=_shares(calibrated, raw),
        chart=Chart(
            "line",
            _("Promised and realised loops of each past forecast"),
            "made",
            [Series("promised", "ink"), Series("realised", "info"), Series("expected", "line-control", dashed=True)],
        ),
        table=Table(
            _columns("count"),
            [
                Row(
                    [
                        _made(found, trial.origin),
                        trial.expected,
                        trial.promised,
                        trial.came,
                        _("yes") if trial.calibrated else _("no"),
                        _result(hit=trial.hit, counted=trial.came is not None),
                    ]
                )
                for trial in found.count_trials
            ],
        ),
        open=True,
    )


def _shares(calibrated: tuple[int, int], raw: tuple[int, int]) -> list[Figure]:
    return [
        _share_figure("hit_rate", _("Calibrated promises that held"), calibrated, strong=True),
        _share_figure("hit_rate_raw", _("Uncalibrated promises that held"), raw),
        Figure("promise", _("What was promised"), Fraction(P85), "share"),
    ]


def _share_figure(key: str, label: str, kept: tuple[int, int], *, strong: bool = False) -> Figure:
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


def _made(found: Prospects, origin: int) -> date:
    return found.first + timedelta(days=origin)


def _result(*, hit: bool | None, counted: bool) -> str:
    if hit and not counted:
        return _("held early, not counted yet")
    return {None: _("not decided yet"), True: _("held"), False: _("missed")}[hit]
