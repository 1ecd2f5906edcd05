"""Forecasts: when the next N loops are done, how many by a day, what if; each with its measured hit rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.analysis.prospects import PROMISES, Prospects, prospects
from rnd.cycles.documents import Column, Figure, Note, Row, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages import chosen, what_if
from rnd.cycles.pages.parts import hit_columns, hits_label
from rnd.cycles.pages.promises import by_days, how
from rnd.cycles.presenting import percent, tickets_url, written
from rnd.cycles.statistics.figures import P85
from rnd.cycles.statistics.forecast import WINDOW

DAYS: Final = 30


def build(actor: Actor, filters: Filters, asked: Mapping[str, Any]) -> tuple[int, list[Section]]:
    """Give the count of loops that the forecast is made from, and what will be."""
    running = still_open(actor, filters)
    found = asked_of(actor, filters, asked, running)
    return sum(found.history[-WINDOW:]), [
        *chosen.sections(actor, filters, asked),
        _when(found, filters, running, asked),
        _how_many(found, filters, asked),
        what_if.section(actor, filters, engineers=asked.get("engineers")),
    ]


def asked_of(actor: Actor, filters: Filters, asked: Mapping[str, Any], running: int) -> Prospects:
    """Give the forecasts that were asked for: of all loops that run, and of thirty days, where nothing else was."""
    n = asked.get("n") or max(1, min(running, 1000))
    return prospects(actor, filters, n=n, days=asked.get("days", DAYS))


def _when(found: Prospects, filters: Filters, running: int, asked: Mapping[str, Any]) -> Section:
    figures, table = by_days(found.when, found.day)
    notes = _nothing_finished(found)
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
            "The share that held is that of past forecasts made in the same way, the calibrated ones or the others, "
            "whose days are over."
        ),
        notes=[
            *notes,
            Note(_("Every past forecast beside what came"), url=_backtest_url(filters, found, asked), way=True),
        ],
        figures=figures,
        table=table,
        open=True,
    )  # fmt: skip


def _nothing_finished(found: Prospects) -> list[Note]:
    if any(found.history[-WINDOW:]):
        return []
    return [Note(_("Nothing finished in the last 90 days, so nothing can be foretold."), "warn")]


def _backtest_url(filters: Filters, found: Prospects, asked: Mapping[str, Any]) -> str:
    told = {**asked, "n": found.n, "days": found.days}
    return f"{reverse('cycles:report_backtest')}?{filters.query(**{name: str(told[name]) for name in told})}"


def _how_many(found: Prospects, filters: Filters, asked: Mapping[str, Any]) -> Section:
    by_date = [found.by_date[p] for p in PROMISES]
    likely, past = found.by_date[P85], _backtest_url(filters, found, asked)
    return Section(
        name="how_many",
        title=_("How many by %(day)s?") % {"day": written(found.until, "day")},
        lede=_(
            "At least so many loops will have finished by then, with each confidence: the exact convolution "
            "of the last 90 days, then scaled by how far past forecasts of as many days were wrong."
        ),
        figures=[
            Figure(
                "by_day", _("With %(share)s at least") % {"share": percent(P85)}, likely.promised, "count",
                n=likely.trials, note=hits_label(likely.hits, likely.trials), strong=True,
            )
        ],
        notes=[
            *_nothing_finished(found),
            Note(_("“When” and “how many” are calibrated apart, each by its own past forecasts, and may differ.")),
            Note(_("Open tickets"), url=tickets_url(filters, show="open"), way=True),
            Note(_("Every past forecast beside what came"), url=f"{past}#counts", way=True),
        ],
        table=Table(
            [
                Column("confidence", _("Confidence"), "share"),
                Column("count", _("Loops at least"), "count"),
                Column("raw", _("Loops, uncalibrated"), "count"),
                Column("how", _("How")),
                *hit_columns(),
            ],
            [
                Row([one.p, one.promised, one.raw, how(one), one.hit_rate, one.hits, one.trials])
                for one in by_date
            ],
        ),
        open=True,
    )  # fmt: skip
