"""Let a team no longer work in a programme."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.accounts.roles import Role
from foundation.catalogue.kinds import TeamLeftProgramme
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit.errors import Conflict


@transaction.atomic
def remove_team_from_programme(*, actor: Actor, team: Team, programme: Programme) -> Programme:
    """Let the team no longer work in the programme, nor see it; one that does not stays as it is.

    Raises Forbidden, and Conflict where the actor would lose sight of the programme.
    """
    actor.require("programme.change", programme_id=programme.pk)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if not programme.teams.filter(pk=team.pk).exists():
        return programme
    own = actor.teams(Role.ADMIN)
    if team.pk in own and not programme.teams.filter(pk__in=own - {team.pk}).exists():
        raise Conflict(
            "catalogue.own_team",
            _("You administer “%(programme)s” through “%(team)s”. Without it you could not undo this.")
            % {"programme": programme.name, "team": team.name},
        )
    programme.teams.remove(team)
    record(TeamLeftProgramme(team_id=team.pk), subject=programme, actor=actor, team_id=team.pk)
    return programme
