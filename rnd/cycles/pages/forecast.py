"""Forecasts: when the next N loops are done, how many by a day, what if; each with its measured hit rate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.analysis.prospects import PROMISES, Prospects, prospects
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages import what_if
from rnd.cycles.pages.parts import hit_columns, hits_label
from rnd.cycles.presenting import percent, tickets_url, written
from rnd.cycles.statistics.figures import P85
from rnd.cycles.statistics.forecast import WINDOW, promises_kept

DAY_US: Final = 86_400_000_000
DAYS: Final = 30


def build(actor: Actor, filters: Filters, asked: Mapping[str, int]) -> tuple[int, list[Section]]:
    """Give the count of loops that the forecast is made from, and what will be."""
    running = still_open(actor, filters)
    found = _prospects(actor, filters, asked, running)
    return sum(found.history[-WINDOW:]), [
        _when(found, filters, running),
        _how_many(found, filters),
        what_if.section(actor, filters, engineers=asked.get("engineers")),
    ]


def build_backtest(actor: Actor, filters: Filters, asked: Mapping[str, int]) -> tuple[int, list[Section]]:
    """Give the count of past forecasts that are decided, and each of them beside what came."""
    found = _prospects(actor, filters, asked, still_open(actor, filters))
    decided = [trial for trial in found.trials if trial.hit is not None]
    return len(decided), [_trials(found), what_if.past_section(actor, filters)]


def _prospects(actor: Actor, filters: Filters, asked: Mapping[str, int], running: int) -> Prospects:
    n = asked.get("n") or max(1, min(running, 1000))
    return prospects(actor, filters, n=n, days=asked.get("days", DAYS))


def _when(found: Prospects, filters: Filters, running: int) -> Section:
    rows, figures = [], []
    for p in PROMISES:
        one, share = found.when[p], Fraction(p)
        how = _("calibrated by past forecasts") if one.calibrated else _("uncalibrated: too few past forecasts")
        rows.append(Row([share, found.day(p), one.promised, one.raw, how, one.hit_rate, one.hits, one.trials]))
        figures.append(
            Figure(
                f"p{int(p * 100)}", _("With %(share)s") % {"share": percent(share)}, found.day(p), "day",
                n=one.trials, note=hits_label(one.hits, one.trials), strong=p == P85,
            )
        )  # fmt: skip
    notes = []
    if all(found.day(p) is None for p in PROMISES):
        notes.append(Note(_("Nothing finished in the last 90 days, so nothing can be foretold."), "warn"))
    if not running:
        notes.append(Note(_("Nothing is open: the next loops to be finished have yet to begin."), "info"))
    said = ngettext(
        "When is the next %(n)d loop in the field and confirmed?",
        "When are the next %(n)d loops in the field and confirmed?",
        found.n,
    )
    return Section(
        name="when",
        title=_("When is the next loop in the field and confirmed?") if found.n == 1 else said % {"n": found.n},
        lede=_(
            "From the loops finished on each of the last 90 days, exactly, without sampling; "
            "then stretched by how far past forecasts were wrong. "
            "The share that held is that of past forecasts made in the same way: the calibrated ones, or the others."
        ),
        notes=[
            *notes,
            Note(_("Every past forecast beside what came"), url=_backtest_url(filters, found), way=True),
        ],
        figures=figures,
        table=Table(
            [
                Column("confidence", _("Confidence"), "share"),
                Column("day", _("By"), "day"),
                Column("promised", _("Days"), "count"),
                Column("raw", _("Days, uncalibrated"), "count"),
                Column("how", _("How")),
                *hit_columns(),
            ],
            rows,
        ),
        open=True,
    )  # fmt: skip


def _backtest_url(filters: Filters, found: Prospects) -> str:
    return f"{reverse('cycles:report_backtest')}?{filters.query(n=str(found.n))}"


def _how_many(found: Prospects, filters: Filters) -> Section:
    rows = []
    for p in PROMISES:
        hits, trials = found.kept[p]
        rows.append(Row([Fraction(p), found.by_date.get(p), _share(hits, trials), hits, trials]))
    said = _("How many by %(day)s?") % {"day": written(found.until, "day")}
    return Section(
        name="how_many",
        title=said,
        lede=_(
            "At least so many loops will have finished by then, with each confidence: the exact convolution "
            "of the last 90 days. It is not calibrated by past forecasts; beside it stands how often they held."
        ),
        figures=[
            Figure(
                "by_day", _("With %(share)s at least") % {"share": percent(P85)},
                found.by_date.get(P85), "count",
                n=sum(found.history[-WINDOW:]), note=hits_label(*found.kept[P85]), strong=True,
            )
        ],
        notes=[Note(_("Open tickets"), url=tickets_url(filters, show="open"), way=True)],
        table=Table(
            [
                Column("confidence", _("Confidence"), "share"),
                Column("count", _("Loops at least"), "count"),
                *hit_columns(),
            ],
            rows,
        ),
        open=True,
    )  # fmt: skip


def _trials(found: Prospects) -> Section:
    rows = []
    for trial in found.trials:
        made = found.first + timedelta(days=trial.origin)
        held = {None: _("not decided yet"), True: _("held"), False: _("missed")}[trial.hit]
        rows.append(
            Row(
                [
                    made,
                    trial.expected * DAY_US,
                    trial.promised * DAY_US,
                    None if trial.realised is None else trial.realised * DAY_US,
                    _("yes") if trial.calibrated else _("no"),
                    held,
                ]
            )
        )
    calibrated, raw = (promises_kept(found.trials, calibrated=apart) for apart in (True, False))
    even = [met for trial in found.trials if (met := trial.within(trial.expected)) is not None]
    said = ngettext(
        "Past forecasts of %(n)d loop, made with 85 %%", "Past forecasts of %(n)d loops, made with 85 %%", found.n
    )
    return Section(
        name="backtest",
        title=said % {"n": found.n},
        lede=_(
            "One for the end of each week, from nothing but what was known then. "
            "A promise held if the loops were done in the promised days or sooner, and is missed once these are over. "
            "The first ones could not be calibrated yet, and are counted apart."
        ),
        figures=[
            Figure(
                "hit_rate", _("Calibrated promises that held"), _share(*calibrated), "share",
                n=calibrated[1], note=hits_label(*calibrated), strong=True,
            ),
            Figure(
                "hit_rate_raw", _("Uncalibrated promises that held"), _share(*raw), "share",
                n=raw[1], note=hits_label(*raw),
            ),
            Figure("promise", _("What was promised"), Fraction(P85), "share"),
            Figure("expected_p50", _("Even chance held"), _share(sum(even), len(even)), "share", n=len(even)),
        ],
        chart=Chart(
            "line",
            _("Promised and realised days of each past forecast"),
            "made",
            [Series("promised", "ink"), Series("realised", "info"), Series("expected", "line-control", dashed=True)],
        ),
        table=Table(
            [
                Column("made", _("Made on"), "day"),
                Column("expected", _("Even chance"), "us"),
                Column("promised", _("Promised"), "us"),
                Column("realised", _("Came"), "us"),
                Column("calibrated", _("Calibrated")),
                Column("held", _("Result")),
            ],
            rows,
        ),
        open=True,
    )  # fmt: skip


def _share(hits: int, of: int) -> Fraction | None:
    return Fraction(hits, of) if of else None
