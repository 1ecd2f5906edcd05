"""What is open now: its age against what finished ones needed, and who is about to miss the service level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from rnd.cycles.analysis import chances
from rnd.cycles.analysis.ageing import Ageing, Ages, InStage, ages
from rnd.cycles.clock.stages import Stage
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages.parts import percentile_columns, percentile_values
from rnd.cycles.presenting import all_rows_url, outlook_label, tickets_url


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of open tickets and how old they are."""
    found = ages(actor, filters)
    return found.n, [
        _about_to_miss(found, filters),
        _by_stage(found, filters),
        _all(found, filters),
        *_kept(actor, filters),
    ]


def _about_to_miss(found: Ages, filters: Filters) -> Section:
    counts, notes = found.outlooks, []
    ways = {
        outlook: tickets_url(filters, show="open", outlook=outlook)
        for outlook in (chances.MISSED, chances.AT_RISK, chances.UNKNOWN)
        if counts[outlook]
    }
    lede = _(
        "A ticket is about to miss its service level when, of the finished loops of its severity that lived as long, "
        "fewer than half still made it."
    )
    if found.n and counts[chances.NO_LEVEL] == found.n:
        notes.append(Note(_("No service level is set for any of these tickets, so nothing can be missed."), "info"))
    elif found.about_to_miss:
        lede += " " + _("The least likely comes first.")
    elif found.n:
        notes.append(Note(_("No open ticket is about to miss it.")))
    if counts[chances.UNKNOWN]:
        said = ngettext(
            "Of %(n)d open ticket nobody can say: fewer than ten finished loops lived as long.",
            "Of %(n)d open tickets nobody can say: fewer than ten finished loops lived as long.",
            counts[chances.UNKNOWN],
        )
        notes.append(Note(said % {"n": counts[chances.UNKNOWN]}, url=ways[chances.UNKNOWN]))
    if counts[chances.AT_RISK] > len(found.about_to_miss):
        said = _("The %(most)d least likely of %(n)d are listed.")
        told = said % {"most": len(found.about_to_miss), "n": counts[chances.AT_RISK]}
        notes.append(Note(told, url=ways[chances.AT_RISK]))
    return Section(
        name="at_risk",
        title=_("About to miss the service level"),
        lede=lede,
        notes=notes,
        figures=[
            Figure(
                "at_risk",
                _("About to miss it"),
                counts[chances.AT_RISK],
                "count",
                url=ways.get(chances.AT_RISK, ""),
                strong=True,
            ),
            Figure("missed", _("Missed"), counts[chances.MISSED], "count", url=ways.get(chances.MISSED, "")),
            Figure("open", _("Open tickets"), found.n, "count", url=tickets_url(filters, show="open")),
            Figure("oldest", _("Oldest"), found.oldest_us, url=tickets_url(filters, show="open")),
        ],
        table=_table(found.about_to_miss, promised=True) if found.about_to_miss else None,
        open=True,
    )


# The parts of the bars, the youngest first, and the tone of each.
_PARTS: Final = {
    "within_p50": "age-p50",
    "p50_to_p85": "age-p85",
    "p85_to_p95": "age-p95",
    "beyond_p95": "age-beyond",
    "unknown": "age-unknown",
}


def _by_stage(found: Ages, filters: Filters) -> Section:
    rows, counts = [], {stage: _by_age(here) for stage, here in found.by_stage.items()}
    unknown = any(here.parts[-1] for here in found.by_stage.values())
    for stage in Stage:
        here = found.by_stage[stage]
        done = found.stages.get(stage)
        values = percentile_values(done.percentiles) if done is not None else [None] * 9
        link = tickets_url(filters, show="open", stage=stage.value)
        rows.append(
            Row(
                [stage.value, here.n, here.longest_us, *counts[stage], *values],
                {"stage": link, "wip": link} if here.n else {},
            )
        )
    sums = [_sum(column) for column in zip(*counts.values(), strict=True)]
    notes = []
    if unknown:
        said = _("Of a stage that fewer than ten finished loops came through, the percentiles are not known.")
        notes.append(Note(said, "info"))
    return Section(
        name="stages",
        title=_("Work in progress by stage"),
        lede=_(
            "How long open tickets have been in their stage: as long as half of the finished ones at most (p50), "
            "or longer than half, 85 % or 95 % of them."
        ),
        notes=notes,
        chart=Chart(
            "stacked",
            _("Open tickets in each stage, by how long they have been in it"),
            "stage",
            [Series(part, tone) for part, tone in _PARTS.items() if unknown or part != "unknown"],
        ),
        table=Table(
            [
                Column("stage", _("Stage"), "stage"),
                Column("wip", _("Open"), "count"),
                Column("oldest", _("Longest in it"), "us"),
                Column("within_p50", _("within p50"), "count"),
                Column("p50_to_p85", _("p50–p85"), "count"),
                Column("p85_to_p95", _("p85–p95"), "count"),
                Column("beyond_p95", _("beyond p95"), "count"),
                Column("unknown", _("not known"), "count", aside=not unknown),
                Column("beyond_p50", _("beyond p50"), "count", aside=True),
                Column("beyond_p85", _("beyond p85"), "count", aside=True),
                *percentile_columns(),
            ],
            rows,
            Row([_("All"), found.n, None, *sums, *[None] * 9], {"wip": tickets_url(filters, show="open")}),
        ),
        open=True,
    )


def _by_age(here: InStage) -> list[int | None]:
    """Give the parts, and for files the counts beyond p50 and p85, each with those that are older still."""
    p50, p85, _p95 = here.beyond or (None, None, None)
    return [*here.parts, p50, p85]


def _sum(counts: Iterable[int | None]) -> int | None:
    """Add up what is known; None where nothing is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _all(found: Ages, filters: Filters) -> Section:
    notes = []
    if found.n > len(found.tickets):
        said = _("The oldest %(most)d of %(n)d are listed here; all of them, page by page.")
        link = tickets_url(filters, show="open")
        notes.append(Note(said % {"most": len(found.tickets), "n": found.n}, url=link))
        notes.append(Note(_("All of them, as a file"), url=all_rows_url(filters, "ageing"), way=True))
    return Section(
        name="open",
        title=_("Every open ticket, the oldest first"),
        lede=ngettext(
            "%(n)d ticket counts; its age is from the moment it was seen in the field.",
            "%(n)d tickets count; their age is from the moment they were seen in the field.",
            found.n,
        )
        % {"n": found.n},
        notes=notes,
        table=_table(found.tickets, promised=found.outlooks[chances.NO_LEVEL] < found.n),
        open=True,
    )


def _table(tickets: Sequence[Ageing], *, promised: bool) -> Table:
    """Give the tickets; on the page without the columns of the service level, where nothing is `promised` for any."""
    return Table(
        [
            Column("ticket", _("Ticket"), "ticket"),
            Column("title", _("Title")),
            Column("severity", _("Severity"), "severity"),
            Column("team", _("Team")),
            Column("stage", _("Stage"), "stage"),
            Column("age", _("Age"), "us"),
            Column("stage_age", _("In the stage"), "us"),
            Column("reached", _("Longer than"), "share"),
            Column("due_in", _("Due in"), "us", aside=not promised),
            Column("chance", _("Chance"), "share", aside=not promised),
            Column("like_it", _("n of the chance"), "count", aside=not promised),
            Column("outlook", _("Service level"), aside=not promised),
        ],
        [
            Row(
                [
                    one.loop.pk,
                    one.loop.ticket.title,
                    one.loop.severity,
                    one.loop.team.name,
                    one.stage.value,
                    one.age_us,
                    one.stage_age_us,
                    Fraction(one.reached, 100) if one.reached else None,
                    one.due_in_us,
                    one.chance,
                    one.like_it,
                    outlook_label(one.outlook),
                ]
            )
            for one in tickets
        ],
    )


def _kept(actor: Actor, filters: Filters) -> list[Section]:
    programmes = Programme.objects.visible_to(actor).order_by("name")
    if filters.programme:
        programmes = programmes.filter(slug=filters.programme)
    rows = []
    for programme in programmes[:10]:
        for one in chances.kept(actor, filters, programme):
            if filters.severity in {"", one.level.severity}:
                promised = Fraction(one.level.percent, 100)
                verdict = {None: None, True: _("kept"), False: _("not kept")}[one.kept]
                those = filters.but(programme=programme.slug, severity=one.level.severity)
                link = tickets_url(those, sort="longest")
                in_time = tickets_url(those, sort="longest", under=str(one.over_us))
                rows.append(
                    Row(
                        [
                            programme.name,
                            one.level.severity,
                            one.level.days,
                            promised,
                            one.rate,
                            one.hits,
                            one.n,
                            verdict,
                        ],
                        {"n": link, "rate": link, **({"hits": in_time} if one.hits else {})},
                    )
                )
    if not rows:
        return []
    return [
        Section(
            name="kept",
            title=_("How service levels were kept"),
            lede=_("Over the loops that finished in the period, by severity."),
            table=Table(
                [
                    Column("programme", _("Programme")),
                    Column("severity", _("Severity"), "severity"),
                    Column("days", _("Days"), "count"),
                    Column("promised", _("Promised"), "share"),
                    Column("rate", _("Kept"), "share"),
                    Column("hits", _("In time"), "count"),
                    Column("n", _("Finished loops"), "count"),
                    Column("verdict", _("Service level")),
                ],
                rows,
            ),
            open=True,
        )
    ]
