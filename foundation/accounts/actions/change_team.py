"""Rename a team."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import TeamChanged
from foundation.accounts.models import Team
from foundation.accounts.reach import require_reach
from foundation.accounts.saving import save_checked
from foundation.journal import record


@transaction.atomic
def change_team(*, actor: Actor, team: Team, name: str) -> Team:
    """Give the team another name; its slug, which addresses hold, stays. Raises Forbidden, Invalid."""
    require_reach(actor, "team.change", team)
    team = Team.objects.select_for_update().get(pk=team.pk)
    old, team.name = team.name, name
    if old != name:
        save_checked(team, room="accounts")
        record(TeamChanged(old_name=old, name=name), subject=team, actor=actor, team_id=team.pk)
    return team
