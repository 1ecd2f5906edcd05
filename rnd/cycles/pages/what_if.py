"""What if: the flow model's answers, and how far it could be trusted where its levers really moved."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.past import hindsight
from rnd.cycles.analysis.prospects import WhatIfs, what_ifs
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.hindsight import NOTHING, THROUGHPUT, WIP, Judged, hits
from rnd.cycles.pages.parts import hit_columns, hits_label
from rnd.cycles.presenting import STAGE_COLOURS, stage_label, tickets_url
from rnd.cycles.statistics.flow_model import WhatIf
from rnd.cycles.statistics.shares import round_half_up


def assumption_label(code: str) -> str:
    """Put an assumption of the flow model into words."""
    return {
        "steady_state": _("as much comes in as goes out, in the long run"),
        "same_throughput": _("as many loops finish as now"),
        "nobody_idle": _("nobody runs out of work"),
        "additive_means": _("the means of the stages add up to the mean of the loop"),
        "other_stages_same": _("all other stages take as long as now"),
        "same_arrivals": _("as many tickets come in as now"),
        "work_is_the_limit": _("work by engineers is what limits the flow"),
        "same_wip": _("as much is in progress as now"),
        "no_ramp_up": _("a new engineer works as quickly as the others"),
    }[code]


def section(actor: Actor, filters: Filters, *, engineers: int | None) -> Section:
    """Give what the flow model says of each change, each with its measured hit rate."""
    found, past = what_ifs(actor, filters, engineers=engineers), hindsight(actor, filters).judged
    asked: list[tuple[str, str, WhatIf | None]] = [
        (_("Half the work in progress"), WIP, found.half_the_wip),
        (_("One more engineer beside %(n)d") % {"n": found.engineers}, THROUGHPUT, found.one_more_engineer),
        *(
            (_("%(stage)s twice as fast") % {"stage": stage_label(stage)}, stage.value, found.twice_as_fast.get(stage))
            for stage in Stage
        ),
    ]
    rows = [_row(label, lever, one, *hits(past, lever)) for label, lever, one in asked if one is not None]
    held, of = hits(past, NOTHING)
    return Section(
        name="what_if",
        title=_("What if?"),
        lede=_(
            "By the flow model (Little’s law, 1961): mean loop = work in progress ÷ throughput. What must "
            "hold for it stands beside each answer."
        ),
        notes=[
            *_notes(found, guessed=engineers is None),
            Note(
                _(
                    "Measured at the end of each past week, with 13 weeks before it and the 13 weeks after it: where "
                    "the work in progress, the throughput or the time in a stage really changed for the better by a "
                    "tenth or more, the model was asked with just that change. It held where the mean loop that came "
                    "was off by a quarter of the answer at most. Who was an engineer when is not recorded, so that "
                    "answer is measured by the throughput that really rose."
                )
            ),
        ],
        figures=[
            Figure("wip", _("In progress"), found.wip, "count", url=tickets_url(filters, show="open")),
            Figure("throughput", _("Finished a week"), found.throughput * 7, "rate"),
            Figure(
                "model_held", _("The model held, with nothing changed"), Fraction(held, of) if of else None, "share",
                n=of, note=hits_label(held, of),
            ),
        ],
        chart=Chart(
            "bars",
            _("Mean loop that each change would take away"),
            "what",
            [Series("saved", STAGE_COLOURS)],
            across=True,
        ),
        table=Table(
            [
                Column("what", _("What")),
                Column("stage", _("Stage"), "stage", aside=True),
                Column("before", _("Mean loop now"), "us"),
                Column("after", _("Mean loop then"), "us"),
                Column("saved", _("Shorter by"), "us"),
                Column("rate_before", _("A week now"), "rate"),
                Column("rate_after", _("A week then"), "rate"),
                *hit_columns(),
                Column("assumes", _("Holds if")),
            ],
            rows,
        ),
        open=True,
    )  # fmt: skip


def _notes(found: WhatIfs, *, guessed: bool) -> list[Note]:
    """Say what was not asked, and why, and who the engineers are where nobody gave their number."""
    if not found.twice_as_fast:
        return [Note(_("Nothing finished in the last 90 days, so the flow model says nothing."), "warn")]
    if not found.wip:
        return [
            Note(_("Nothing is open: with less work in progress or one more engineer nothing would change."), "info")
        ]
    notes = []
    if found.wip == 1:
        notes.append(Note(_("Only one ticket is open: there is no half of it."), "info"))
    if not found.engineers:
        notes.append(
            Note(
                _(
                    "No task that you may see has had an engineer in the last 90 days: fill in “Engineers now” "
                    "to ask for one more."
                ),
                "info",
            )
        )
    elif guessed:
        said = ngettext(
            "Taken as the engineers now: %(n)d who has a task in work or finished one in the last 90 days. "
            "Fill in “Engineers now” to ask with another number.",
            "Taken as the engineers now: %(n)d who have a task in work or finished one in the last 90 days. "
            "Fill in “Engineers now” to ask with another number.",
            found.engineers,
        )
        notes.append(Note(said % {"n": found.engineers}))
    return notes


def _row(label: str, lever: str, one: WhatIf, held: int, of: int) -> Row:
    return Row(
        [
            label,
            lever if lever in set(Stage) else None,
            round_half_up(one.loop_before),
            round_half_up(one.loop_after),
            round_half_up(one.loop_before - one.loop_after),
            one.throughput_before * 7,
            one.throughput_after * 7,
            Fraction(held, of) if of else None,
            held,
            of,
            "; ".join(assumption_label(code) for code in one.assumes),
        ]
    )


def lever_label(one: Judged) -> str:
    """Name what really changed."""
    named = {
        NOTHING: _("Nothing changes"),
        WIP: _("Less work in progress"),
        THROUGHPUT: _("More finished a week"),
    }
    return named.get(one.lever) or _("%(stage)s faster") % {"stage": stage_label(one.lever)}


def past_section(actor: Actor, filters: Filters) -> Section:
    """Give every answer of the flow model that could have been given, beside what came."""
    found = hindsight(actor, filters)
    return Section(
        name="what_if",
        title=_("What the flow model would have said"),
        lede=_(
            "At the end of each week, of the mean loop in the 13 weeks after it: with nothing changed, and with what "
            "really changed by a tenth or more. It held where it was off by a quarter at most."
        ),
        table=Table(
            [
                Column("what", _("What changed")),
                Column("made", _("Made on"), "day"),
                Column("changed", _("To so much of it"), "share"),
                Column("predicted", _("Mean loop, as the model has it"), "us"),
                Column("realised", _("Came"), "us"),
                Column("held", _("Result")),
            ],
            [
                Row(
                    [
                        lever_label(one),
                        found.made(one),
                        one.changed,
                        round_half_up(one.predicted),
                        round_half_up(one.realised),
                        _("held") if one.hit else _("missed"),
                    ]
                )
                for one in found.judged
            ],
        ),
        open=True,
    )
