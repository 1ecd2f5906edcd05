"""Let a team work in a programme."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.accounts.reach import require_reach
from foundation.catalogue.kinds import TeamJoinedProgramme
from foundation.catalogue.models import Programme
from foundation.journal import record


@transaction.atomic
def add_team_to_programme(*, actor: Actor, team: Team, programme: Programme) -> Programme:
    """Let the team work in the programme and see it; one that does already stays as it is.

    Raises Forbidden: it takes the right in this programme and in all others that the team serves.
    """
    actor.require("programme.change", programme_id=programme.pk)
    team = Team.objects.select_for_update().get(pk=team.pk)
    require_reach(actor, "team.change", team)
    if not programme.teams.filter(pk=team.pk).exists():
        programme.teams.add(team)
        record(TeamJoinedProgramme(team_id=team.pk), subject=programme, actor=actor, team_id=team.pk)
    return programme
