"""What is open now: its age against what finished ones needed, and who is about to miss the service level."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from rnd.cycles.analysis import ageing
from rnd.cycles.analysis.ageing import Ageing, Ages, ages, kept
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages.parts import percentile_columns, percentile_values
from rnd.cycles.presenting import tickets_url
from rnd.cycles.stages import Stage


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of open tickets and how old they are."""
    found = ages(actor, filters)
    return len(found.tickets), [
        _about_to_miss(found, filters),
        _by_stage(found, filters),
        _all(found),
        *_kept(actor, filters),
    ]


def outlook_label(outlook: str) -> str:
    """Name what is to be expected of a ticket's service level."""
    return {
        ageing.MISSED: _("missed"),
        ageing.AT_RISK: _("about to miss it"),
        ageing.ON_TRACK: _("on track"),
        ageing.UNKNOWN: _("too few to say"),
        ageing.NO_LEVEL: _("nothing promised"),
    }[outlook]


def _about_to_miss(found: Ages, filters: Filters) -> Section:
    counts = {outlook: sum(one.outlook == outlook for one in found.tickets) for outlook in _OUTLOOKS}
    notes = []
    if found.tickets and counts[ageing.NO_LEVEL] == len(found.tickets):
        notes.append(Note(_("No service level is set for any of these tickets, so nothing can be missed."), "info"))
    oldest = max((one.age_us for one in found.tickets), default=None)
    return Section(
        name="at_risk",
        title=_("About to miss the service level"),
        lede=_(
            "Of the finished loops of the same severity that lived as long, fewer than half still made it. "
            "The least likely comes first."
        ),
        notes=notes,
        figures=[
            Figure("at_risk", _("About to miss it"), counts[ageing.AT_RISK], "count", strong=True),
            Figure("missed", _("Missed"), counts[ageing.MISSED], "count"),
            Figure("open", _("Open tickets"), len(found.tickets), "count", url=tickets_url(filters, show="open")),
            Figure("oldest", _("Oldest"), oldest, url=tickets_url(filters, show="open")),
        ],
        table=_table(found.about_to_miss) if found.about_to_miss else None,
        open=True,
    )


_OUTLOOKS = (ageing.MISSED, ageing.AT_RISK, ageing.ON_TRACK, ageing.UNKNOWN, ageing.NO_LEVEL)


def _by_stage(found: Ages, filters: Filters) -> Section:
    rows = []
    for stage in Stage:
        here = [one for one in found.tickets if one.stage == stage]
        late = {percent: sum(one.reached >= percent for one in here) for percent in (50, 85, 95)}
        done = found.stages.get(stage)
        values = percentile_values(done.percentiles) if done is not None else [None] * 9
        link = tickets_url(filters, show="open", stage=stage.value)
        rows.append(
            Row(
                [stage.value, found.wip[stage], max((one.stage_age_us for one in here), default=None),
                 late[50], late[85], late[95], *values],
                {"stage": link, "wip": link} if here else {},
            )
        )  # fmt: skip
    return Section(
        name="stages",
        title=_("Work in progress by stage"),
        lede=_(
            "How many open tickets have been in their stage for longer than half, 85 % or 95 % of finished ones were."
        ),
        chart=Chart("bars", _("Open tickets in each stage"), "stage", [Series("wip", "info")]),
        table=Table(
            [
                Column("stage", _("Stage"), "stage"),
                Column("wip", _("Open"), "count"),
                Column("oldest", _("Longest in it"), "us"),
                Column("beyond_p50", _("beyond p50"), "count"),
                Column("beyond_p85", _("beyond p85"), "count"),
                Column("beyond_p95", _("beyond p95"), "count"),
                *percentile_columns(),
            ],
            rows,
            Row([_("All"), len(found.tickets), *[None] * 13], {"wip": tickets_url(filters, show="open")}),
        ),
        open=True,
    )


def _all(found: Ages) -> Section:
    return Section(
        name="open",
        title=_("Every open ticket, the oldest first"),
        lede=ngettext(
            "%(n)d ticket counts; its age is from the moment it was seen in the field.",
            "%(n)d tickets count; their age is from the moment they were seen in the field.",
            len(found.tickets),
        )
        % {"n": len(found.tickets)},
        table=_table(found.tickets),
        open=True,
    )


def _table(tickets: Sequence[Ageing]) -> Table:
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
            Column("due_in", _("Due in"), "us"),
            Column("chance", _("Chance"), "share"),
            Column("like_it", _("n of the chance"), "count"),
            Column("outlook", _("Service level")),
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
        for one in kept(actor, filters, programme.pk):
            if filters.severity in {"", one.level.severity}:
                promised = Fraction(one.level.percent, 100)
                verdict = {None: None, True: _("kept"), False: _("not kept")}[one.kept]
                link = tickets_url(filters.but(programme=programme.slug, severity=one.level.severity), sort="longest")
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
                        {"n": link, "rate": link},
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
