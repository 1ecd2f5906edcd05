"""Releases: cadence, DORA's five, adoption and verdicts, and whether a release helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from releases.models import Release
from rnd.cycles.analysis.shipping import Cadence, Deployment, Dora, cadence, deployments, dora
from rnd.cycles.documents import Column, Note, Row, Section, Table
from rnd.cycles.filters import Filters
from rnd.cycles.pages import spreading
from rnd.cycles.pages.parts import few_in_rows, team_names
from rnd.cycles.statistics.figures import P50, P85, Percentile


def build(actor: Actor, filters: Filters, asked: Mapping[str, int]) -> tuple[int, list[Section]]:
    """Give the count of deployments in the period, and what shipped. `asked` tells which rows of the long tables."""
    found = dora(actor, filters)
    rhythm = cadence(actor, filters)
    every = deployments(actor, filters)
    inside = [one for one in every if _in_period(one, filters)]
    numbers = {one.release_id for one in inside} | {number for one in rhythm for number, _at in one.releases}
    known = {one.pk: one for one in Release.objects.filter(pk__in=numbers).select_related("component")}
    return sum(one.deployments for one in found), [
        _dora(found, filters),
        _cadence(rhythm),
        spreading.adopted(actor, rhythm, known, filters, asked),
        spreading.helped(actor, filters, asked),
        _deployments(inside, known),
    ]


def _in_period(one: Deployment, filters: Filters) -> bool:
    day = one.at.astimezone(filters.zone).date()
    return (filters.since is None or day >= filters.since) and (filters.until is None or day <= filters.until)


def _of(found: Sequence[Percentile], p: Fraction) -> int | None:
    return next((one.value for one in found if one.p == p), None)


def _dora(found: Sequence[Dora], filters: Filters) -> Section:
    rows = []
    for one in found:
        narrowed = filters.but(component=one.component.slug)
        link = reverse("cycles:report_releases") + f"?{narrowed.query()}#deployments"
        rows.append(
            Row(
                [
                    one.component.name,
                    one.deployments,
                    one.per_week,
                    one.lead_times[0].n,
                    _of(one.lead_times, P50),
                    _of(one.lead_times, P85),
                    one.failed,
                    one.fail_rate,
                    one.failed - one.not_recovered,
                    _of(one.recovery_times, P50),
                    one.not_recovered,
                    one.rework_rate,
                ],
                {"component": link, "deployments": link, "failed": link},
            )
        )
    return Section(
        name="dora",
        title=_("DORA’s five, by component"),
        lede=_(
            "A deployment is a release at a team for the first time. It failed only by an explicit link: a "
            "verdict “worse”, "
            "or a withdrawal. Components are never blended."
        ),
        notes=[
            *_unasked(filters),
            *few_in_rows(some[0].n for one in found for some in (one.lead_times, one.recovery_times)),
        ],
        table=Table(
            [
                Column("component", _("Component")),
                Column("deployments", _("Deployments"), "count"),
                Column("per_week", _("A week"), "rate"),
                Column("commits", _("Commits"), "count"),
                Column("lead_p50", _("Commit to field, p50"), "us"),
                Column("lead_p85", _("Commit to field, p85"), "us"),
                Column("failed", _("Failed"), "count"),
                Column("fail_rate", _("Change fail rate"), "share"),
                Column("recovered", _("Recovered"), "count"),
                Column("recovery_p50", _("Recovery, p50"), "us"),
                Column("not_recovered", _("Not recovered"), "count"),
                Column("rework_rate", _("Rework rate"), "share"),
            ],
            rows,
        ),
        open=True,
    )


def _unasked(filters: Filters) -> list[Note]:
    """Say that a release does not know what only tickets know; whether it helped is asked of tickets."""
    if not replace(filters, team="").of_tickets:
        return []
    text = _("A release ships whole: platform, hardware, severity, release and passes narrow only “Did it help?” here.")
    return [Note(text, "info")]


def _cadence(found: Sequence[Cadence]) -> Section:
    return Section(
        name="cadence",
        title=_("Release cadence"),
        lede=_("The time from one first publication of a component to its next."),
        notes=few_in_rows(one.between[0].n for one in found),
        table=Table(
            [
                Column("component", _("Component")),
                Column("releases", _("Releases"), "count"),
                Column("first", _("First"), "moment"),
                Column("last", _("Last"), "moment"),
                Column("between_n", _("Between two, n"), "count"),
                Column("between_p50", _("Between two, p50"), "us"),
                Column("between_p85", _("Between two, p85"), "us"),
            ],
            [
                Row(
                    [
                        one.component.name,
                        len(one.releases),
                        one.releases[0][1] if one.releases else None,
                        one.releases[-1][1] if one.releases else None,
                        one.between[0].n,
                        _of(one.between, P50),
                        _of(one.between, P85),
                    ],
                    {"component": f"{reverse('releases:release_list')}?component={one.component.slug}"},
                )
                for one in found
            ],
        ),
        open=True,
    )


def _deployments(inside: Sequence[Deployment], known: dict[int, Release]) -> Section:
    names = team_names(one.team_id for one in inside)
    return Section(
        name="deployments",
        title=_("Deployments behind these figures"),
        lede=_("The newest first."),
        table=Table(
            [
                Column("release", _("Release")),
                Column("team", _("Team")),
                Column("at", _("Installed"), "moment"),
                Column("failed_at", _("Failed"), "moment"),
                Column("recovered_at", _("Recovered"), "moment"),
                Column("mends", _("Mends an earlier one")),
            ],
            [
                Row(
                    [
                        f"{known[one.release_id].component.name} {known[one.release_id].version}",
                        names.get(one.team_id, ""),
                        one.at,
                        one.failed_at,
                        one.recovered_at,
                        _("yes") if one.mends else "",
                    ],
                    {"release": known[one.release_id].get_absolute_url()},
                )
                for one in reversed(inside)
            ],
        ),
        open=True,
    )
