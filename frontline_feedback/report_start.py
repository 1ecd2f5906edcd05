"""What the report form begins with: the things of the last report, and the version that the team flies now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role, Team
from foundation.catalogue.models import Component, HardwareRevision, Platform
from frontline_feedback.models import Ticket
from releases.models import Installation, Release

# The versions that are suggested while one is typed.
MOST_VERSIONS = 12


@dataclass(frozen=True, slots=True)
class ReportStart:
    """What is chosen (None: nothing yet), what may be chosen, and the version to begin with."""

    teams: QuerySet[Team]
    platforms: QuerySet[Platform]
    components: QuerySet[Component]
    hardware_revisions: QuerySet[HardwareRevision]
    team: Team | None
    platform: Platform | None
    component: Component | None
    hardware: HardwareRevision | None
    version: str
    # What the team flies according to its installations, "" where it has reported none.
    flown: str
    versions: list[str]

    @property
    def complete(self) -> bool:
        """Tell whether nothing about the equipment needs to be asked."""
        return self.team is not None and self.platform is not None and self.component is not None

    def initial(self) -> dict[str, Any]:
        """Give the form's initial values."""
        chosen = {name: getattr(self, name) for name in ("team", "platform", "component", "hardware")}
        return chosen | {"version_text": self.version}


def report_start(actor: Actor, asked: dict[str, str] | None = None) -> ReportStart:
    """Give the beginning of a report: what is asked for by id where it may be, else what the last report named.

    12 queries or fewer.
    """
    asked = asked or {}
    last = _last_report(actor)
    teams = teams_to_report_for(actor)
    team = _chosen(teams, asked.get("team"), last.team_id if last else None)
    platforms = Platform.objects.filter(programme__in=_programmes_of(actor, team))
    platform = _chosen(platforms, asked.get("platform"), last.platform_id if last else None)
    programme = {"programme_id": platform.programme_id} if platform else {"programme__in": _programmes_of(actor, team)}
    components = Component.objects.filter(**programme)
    component = _chosen(components, asked.get("component"), last.component_id if last else None)
    revisions = HardwareRevision.objects.filter(platform=platform) if platform else HardwareRevision.objects.none()
    flown = _flown(team, component)
    # What was said last, else what the team installed its current version on.
    known = last.hardware_id if last else flown.hardware_id if flown else None
    hardware = _chosen(revisions, asked.get("hardware"), known, only_one=False)
    return ReportStart(
        teams=teams,
        platforms=platforms,
        components=components,
        hardware_revisions=revisions,
        team=team,
        platform=platform,
        component=component,
        hardware=hardware,
        version=_version(asked, flown),
        flown=flown.release.version if flown else "",
        versions=_versions(actor, component),
    )


def teams_to_report_for(actor: Actor) -> QuerySet[Team]:
    """Give the teams that the actor may report for: the own ones of a reporter, a triager's programmes' field teams."""
    served = Team.objects.filter(kind="field", programmes__in=actor.programmes(Role.TRIAGER)).values("pk")
    return Team.objects.filter(Q(pk__in=actor.teams(Role.REPORTER)) | Q(pk__in=served)).order_by("name")


def _last_report(actor: Actor) -> Ticket | None:
    if actor.device_id is not None:
        mine = Ticket.objects.filter(team__in=actor.teams(Role.REPORTER), device_id=actor.device_id)
    else:
        mine = Ticket.objects.filter(reporter_id=actor.user_id)
    return mine.order_by("-pk").first()


def _programmes_of(actor: Actor, team: Team | None) -> Any:
    mine = actor.programmes(Role.REPORTER, Role.TRIAGER)
    return team.programmes.filter(pk__in=mine).values("pk") if team else mine


def _chosen(things: Any, asked: str | None, remembered: int | None, *, only_one: bool = True) -> Any:
    """Give the thing that was asked for, else the remembered one, else the only one there is; None for neither."""
    found = {thing.pk: thing for thing in things}
    if asked is not None:
        return found.get(int(asked)) if asked.isascii() and asked.isdigit() else None
    if remembered in found:
        return found[remembered]
    return next(iter(found.values())) if only_one and len(found) == 1 else None


def _flown(team: Team | None, component: Component | None) -> Installation | None:
    if team is None or component is None:
        return None
    installations = Installation.objects.filter(team=team, release__component=component).select_related("release")
    return installations.order_by("-installed_at", "-pk").first()


def _version(asked: dict[str, str], flown: Installation | None) -> str:
    """Give what was typed; where nothing was, or only what the form itself suggested, the version flown now."""
    typed, suggested = asked.get("version_text", ""), asked.get("suggested", "")
    if typed and typed != suggested:
        return typed
    return flown.release.version if flown else ""


def _versions(actor: Actor, component: Component | None) -> list[str]:
    if component is None:
        return []
    releases = Release.objects.visible_to(actor).filter(component=component).order_by("-sequence")
    return list(releases.values_list("version", flat=True)[:MOST_VERSIONS])
