"""Set up a team."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import TeamAdded
from foundation.accounts.models import Team, TeamKind
from foundation.accounts.saving import save_checked
from foundation.journal import record


@transaction.atomic
def add_team(*, actor: Actor, name: str, slug: str, kind: TeamKind) -> Team:
    """Set up a team; it serves no programme until it is assigned to one.

    Raises Forbidden, Invalid (a name or slug that is taken or malformed).
    """
    actor.require("team.add")
    team = Team(name=name, slug=slug, kind=kind)
    save_checked(team, room="accounts")
    record(TeamAdded(name=team.name, team_kind=team.kind), subject=team, actor=actor, team_id=team.pk)
    return team
