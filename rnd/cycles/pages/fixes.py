"""How good the fixes are and what holds them up: passes, rework, the bottleneck, blocks and hand-overs."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.stages import Bottleneck, Passes, bottleneck, passes
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.presenting import STAGE_COLOURS, stage_label, tickets_url, written
from rnd.cycles.statistics.figures import P50, P85
from rnd.cycles.statistics.shares import round_half_up


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of finished loops, the bottleneck and the passes."""
    found, held = passes(actor, filters), bottleneck(actor, filters)
    return found.n, [_bottleneck(held, filters), _passes(found, filters)]


def _bottleneck(found: Bottleneck, filters: Filters) -> Section:
    notes, worst = [], found.worst
    if worst is not None:
        told = {
            "stage": stage_label(worst.stage),
            "sum": written(worst.sum_us, "us"),
            "n": found.n,
            "before": written(_mean(found.total_us, found.n), "us"),
            "saved": written(round_half_up(worst.saves / found.n), "us"),
            "after": written(round_half_up(Fraction(found.total_us, found.n) - worst.saves / found.n), "us"),
        }
        said = ngettext(
            "%(stage)s took %(sum)s of %(n)d loop. Half of that is %(saved)s a loop: the mean goes from "
            "%(before)s to %(after)s.",
            "%(stage)s took %(sum)s of %(n)d loops. Half of that is %(saved)s a loop: the mean goes from "
            "%(before)s to %(after)s.",
            found.n,
        )
        notes.append(Note(said % told, "info", tickets_url(filters, stage=worst.stage.value, sort="longest")))
    rows = []
    for lever in found.levers:
        link = tickets_url(filters, stage=lever.stage.value, sort="longest")
        mean = None if not found.n else Fraction(found.total_us, found.n) - lever.saves / found.n
        rows.append(
            Row(
                [
                    lever.stage.value,
                    lever.sum_us,
                    _mean(lever.sum_us, found.n),
                    None if not found.n else round_half_up(lever.saves / found.n),
                    None if mean is None else round_half_up(mean),
                    *(None if (value := lever.halved(p)) is None else round_half_up(value) for p in (P50, P85)),
                ],
                {"stage": link, "sum_us": link} if lever.sum_us else {},
            )
        )
    before, mean_loop = [found.loop.at(p).value for p in (P50, P85)], _mean(found.total_us, found.n)
    return Section(
        name="bottleneck",
        title=_("Bottleneck"),
        lede=_(
            "Each stage is made half as long, loop by loop, with everything else as it was: "
            "mean saved = sum of the stage ÷ 2 ÷ n. The stage that saves most stands first."
        ),
        notes=notes,
        chart=Chart(
            "bars", _("What halving each stage saves on the mean loop"), "stage", [Series("saves", STAGE_COLOURS)],
            across=True,
        ),
        table=Table(
            [
                Column("stage", _("Stage"), "stage"),
                Column("sum_us", _("Sum"), "us"),
                Column("mean", _("Mean"), "us"),
                Column("saves", _("Halving it saves"), "us"),
                Column("after_mean", _("Mean loop then"), "us"),
                Column("after_p50", _("p50 then"), "us"),
                Column("after_p85", _("p85 then"), "us"),
            ],
            rows,
            Row([_("Loop"), found.total_us, mean_loop, None, mean_loop, *before]),
        ),
        open=True,
    )  # fmt: skip


def _mean(total: int, n: int) -> int | None:
    return round_half_up(Fraction(total, n)) if n else None


def _passes(found: Passes, filters: Filters) -> Section:
    rows = []
    for place in range(max([len(found.time_in_pass), *found.by_count], default=0)):
        count = found.by_count.get(place + 1, 0)
        time = found.time_in_pass[place] if place < len(found.time_in_pass) else 0
        through = found.loops_in_pass[place] if place < len(found.loops_in_pass) else 0
        links = {"n": tickets_url(filters, passes=str(place + 1))} if count else {}
        rows.append(
            Row(
                [_("pass %(n)d") % {"n": place + 1}, place + 1, count, Fraction(count, found.n) if found.n else None,
                 through, time, _mean(time, through)],
                {**links, "pass": links["n"]} if links else {},
            )
        )  # fmt: skip
    once = tickets_url(filters, passes="1")
    return Section(
        name="passes",
        title=_("Passes and rework"),
        lede=_(
            "A verdict “not fixed” or “worse” begins the next pass. Rework is time in a stage that was reached before."
        ),
        figures=[
            Figure("first_time_rate", _("Fixed the first time"), found.first_time_rate, "share", n=found.n, url=once),
            Figure("rework_share", _("Share of rework"), found.rework_share, "share", n=found.n),
            Figure("rework_us", _("Rework in all"), found.rework_us, n=found.n),
        ],
        chart=Chart("bars", _("Finished loops by their count of passes"), "pass", [Series("n", "info")]),
        table=Table(
            [
                Column("pass", _("Passes")),
                Column("number", _("Number"), "count", aside=True),
                Column("n", _("Loops that ended in it"), "count"),
                Column("share", _("Share"), "share"),
                Column("through", _("Loops that came to it"), "count"),
                Column("time", _("Time in it"), "us"),
                Column("mean", _("Mean time in it"), "us"),
            ],
            rows,
        ),
        open=True,
    )
