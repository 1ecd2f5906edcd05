"""The work on tasks: design, build and test by team, hand-overs between teams, and what blocked."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role
from foundation.accounts.rights import right_of
from foundation.kit import vocabulary
from rnd.cycles.analysis.work import Work, work
from rnd.cycles.analysis.work_sql import NAMED
from rnd.cycles.clock.stages import WORK, Mode, Stage
from rnd.cycles.documents import Chart, Column, Figure, Note, Row, Section, Series, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages.parts import percentile_columns, percentile_values, team_names
from rnd.cycles.presenting import all_rows_url, stage_label
from rnd.cycles.statistics.shares import round_half_up


def build(actor: Actor, filters: Filters) -> tuple[int, list[Section]]:
    """Give the count of tasks that were looked at, and what was done on them."""
    found = work(actor, filters)
    names = team_names(
        [
            *(one.team_id for one in found.by_team),
            *(team for one in found.hand_overs for team in (one.giver_id, one.taker_id)),
        ]
    )
    notes = _more(found, filters) if actor.may("task.see") else [_hidden()]
    return found.tasks, [*_by_team(found, names, notes), _hand_overs(found, names), _blocked(found)]


def _by_team(found: Work, names: dict[int | None, str], notes: list[Note]) -> list[Section]:
    stages = [stage for stage in Stage if stage in WORK]
    mean = {(one.team_id, one.stage): round_half_up(Fraction(one.sum_us, one.n)) for one in found.by_team}
    return [
        Section(
            name="teams",
            title=_("Design, build and test by team"),
            lede=_("Mean time of the tasks that were done in the period, in each stage of work with each team."),
            notes=notes,
            figures=[Figure("tasks", _("Tasks looked at"), found.tasks, "count")],
            chart=Chart(
                "stacked", _("Mean time by stage of work for each team"), "team",
                [Series(stage.value, f"stage-{stage}") for stage in stages], across=True,
            ),
            table=Table(
                [
                    Column("team", _("Team")),
                    Column("n", _("Tasks"), "count"),
                    *(Column(stage.value, stage_label(stage), "us") for stage in stages),
                    Column("tasks", _("Which"), "tasks"),
                ],
                [
                    Row(
                        [
                            names.get(team.team_id, ""),
                            team.n,
                            *(mean.get((team.team_id, stage)) for stage in stages),
                            tuple(team.tasks),
                        ]
                    )
                    for team in found.teams
                ],
            ),
        ),
        Section(
            name="team_stages",
            title=_("Each stage of work by team"),
            lede=_("Percentiles over tasks; active, waiting and blocked time add up to the sum."),
            table=Table(
                [
                    Column("team", _("Team")),
                    Column("stage", _("Stage"), "stage"),
                    Column("n", "n", "count"),
                    *percentile_columns(),
                    *(Column(mode.value, str(vocabulary.word("mode", mode.value).label), "us") for mode in Mode),
                    Column("sum_us", _("Sum"), "us"),
                    Column("tasks", _("Which"), "tasks"),
                ],
                [
                    Row(
                        [
                            names.get(one.team_id, ""),
                            one.stage.value,
                            one.n,
                            *percentile_values(one.percentiles),
                            *(one.modes[mode] for mode in Mode),
                            one.sum_us,
                            tuple(one.tasks),
                        ]
                    )
                    for one in found.by_team
                ],
            ),
            open=True,
        ),
    ]  # fmt: skip


def _hidden() -> Note:
    """Say why a reader who may see no task at all, as in a field team, finds nothing here."""
    roles = ", ".join(str(role.label) for role in Role if role in right_of("task.see").roles)
    said = _("Tasks are not shown to your role, so nothing is counted here. These roles see them: %(roles)s.")
    return Note(said % {"roles": roles}, "info")


def _more(found: Work, filters: Filters) -> list[Note]:
    """Say that rows name but the first of their tasks, where one does."""
    counts = [*(one.n for one in found.teams), *(one.n for one in found.blocked), *(one.n for one in found.hand_overs)]
    if max(counts, default=0) <= NAMED:
        return []
    return [
        Note(_("Each row names its first %(most)d tasks; n is the count of all of them.") % {"most": NAMED}),
        Note(_("All of them, as a file"), url=all_rows_url(filters, "engineering"), way=True),
    ]


def _hand_overs(found: Work, names: dict[int | None, str]) -> Section:
    return Section(
        name="hand_overs",
        title=_("Hand-overs between teams"),
        lede=_(
            "From the moment a task goes to another team until somebody there has it. "
            "One that still waits, or went on before, is not taken there."
        ),
        figures=[
            Figure("hand_overs", _("Hand-overs"), sum(one.n for one in found.hand_overs), "count"),
            Figure("not_taken", _("Not taken there"), sum(one.not_taken for one in found.hand_overs), "count"),
        ],
        table=Table(
            [
                Column("giver", _("From")),
                Column("taker", _("To")),
                Column("n", "n", "count"),
                Column("wait", _("Wait in all"), "us"),
                Column("mean", _("Mean wait"), "us"),
                *percentile_columns(),
                Column("not_taken", _("Not taken there"), "count"),
                Column("tasks", _("Which"), "tasks"),
            ],
            [
                Row(
                    [
                        names.get(one.giver_id, ""),
                        names.get(one.taker_id, ""),
                        one.n,
                        one.sum_us,
                        round_half_up(Fraction(one.sum_us, one.taken)) if one.taken else None,
                        *percentile_values(one.percentiles),
                        one.not_taken,
                        tuple(one.tasks),
                    ]
                )
                for one in found.hand_overs
            ],
        ),
        open=True,
    )


def _blocked(found: Work) -> Section:
    return Section(
        name="blocked",
        title=_("Blocked by reason"),
        lede=_("The time of open tasks that were blocked in the period, with the tasks."),
        chart=Chart("bars", _("Blocked time by reason"), "reason", [Series("sum_us", "bad")], across=True),
        table=Table(
            [
                Column("reason", _("Reason")),
                Column("sum_us", _("Blocked"), "us"),
                Column("n", _("Tasks"), "count"),
                Column("tasks", _("Which"), "tasks"),
            ],
            [Row([one.reason or _("no reason given"), one.sum_us, one.n, tuple(one.tasks)]) for one in found.blocked],
        ),
        open=True,
    )
