"""Whom a withdrawal touches: the teams that run the release, and what each has been told."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.accounts.models import Team
from releases.models import Installation, Release
from releases.queries import current_installations
from releases.rollouts.models import WithdrawalWarning


@dataclass(frozen=True, slots=True)
class Affected:
    """A team that ran a release when it was withdrawn, or reported it later; `installations` are those of today."""

    team: Team
    warning: WithdrawalWarning | None
    installations: list[Installation]


def affected_by(release: Release) -> list[Affected]:
    """Give the teams that a withdrawal touches, by name: who runs it now, and who was warned. Two queries."""
    running: dict[int, list[Installation]] = {}
    teams: dict[int, Team] = {}
    rows = current_installations().filter(release=release).select_related("team", "hardware__platform")
    for installation in rows.order_by("installed_at"):
        running.setdefault(installation.team_id, []).append(installation)
        teams[installation.team_id] = installation.team
    warned = {warning.team_id: warning for warning in release.withdrawal_warnings.select_related("team", "seen_by")}
    teams |= {warning.team_id: warning.team for warning in warned.values()}
    return [
        Affected(team, warned.get(team.pk), running.get(team.pk, []))
        for team in sorted(teams.values(), key=lambda team: (team.pk not in running, team.name))
    ]


@dataclass(frozen=True, slots=True)
class Danger:
    """A team runs a withdrawn release now."""

    installation: Installation
    warning: WithdrawalWarning | None


def dangers_of(team_ids: frozenset[int]) -> list[Danger]:
    """Give the withdrawn releases that these teams run now. Two queries, one where there is none."""
    rows = list(
        current_installations()
        .filter(team__in=team_ids, release__state=Release.State.WITHDRAWN)
        .select_related("release__component", "release__replacement__component", "team", "hardware__platform")
        .order_by("-release__withdrawn_at", "pk")
    )
    if not rows:
        return []
    warnings = {
        (warning.release_id, warning.team_id): warning
        for warning in WithdrawalWarning.objects.filter(team__in=team_ids, release__in=[row.release_id for row in rows])
    }
    return [Danger(row, warnings.get((row.release_id, row.team_id))) for row in rows]
