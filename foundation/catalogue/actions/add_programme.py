"""Set up a programme."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.accounts.reach import require_reach
from foundation.accounts.roles import Role
from foundation.accounts.saving import save_checked
from foundation.accounts.validation import check_time_zone
from foundation.catalogue.kinds import ProgrammeAdded, TeamJoinedProgramme
from foundation.catalogue.models import Programme
from foundation.journal import record


@transaction.atomic
def add_programme(
    *, actor: Actor, name: str, slug: str, time_zone: str = "Europe/Kyiv", team: Team | None = None
) -> Programme:
    """Set up a programme. `team`, by default the one in which the actor administers, is its first team:
    a programme without one would be visible to nobody, not even to whoever made it.

    Raises Forbidden, Invalid.
    """
    actor.require("programme.add")
    programme = Programme(name=name, slug=slug, time_zone=check_time_zone(time_zone))
    save_checked(programme, room="catalogue")
    record(ProgrammeAdded(name=name, time_zone=time_zone), subject=programme, actor=actor)
    if team is None:
        team = Team.objects.filter(pk__in=actor.teams(Role.ADMIN)).order_by("pk").first()
    else:
        require_reach(actor, "team.change", team)
    if team is not None:
        programme.teams.add(team)
        record(TeamJoinedProgramme(team_id=team.pk), subject=programme, actor=actor, team_id=team.pk)
    return programme
