"""How far an administrator reaches: only to people and teams all of whose programmes are the own.

Without this, whoever administers one programme could make themself, or a friend, a member of a team that
also serves another, or take over an account that stands in another.
"""

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership, Team, User
from foundation.kit.errors import Forbidden


def programmes_of_user(user: User) -> frozenset[int]:
    """Give the ids of the programmes that the user's teams serve."""
    rows = Membership.objects.filter(user=user, team__programmes__isnull=False)
    return frozenset(rows.values_list("team__programmes", flat=True))


def programmes_of_team(team: Team) -> frozenset[int]:
    """Give the ids of the programmes that the team serves."""
    rows = Team.objects.filter(pk=team.pk, programmes__isnull=False)
    return frozenset(rows.values_list("programmes", flat=True))


def require_reach(actor: Actor, verb: str, thing: User | Team) -> None:
    """Raise Forbidden unless the actor may do `verb` in every programme that the user or team belongs to."""
    programme_ids = programmes_of_user(thing) if isinstance(thing, User) else programmes_of_team(thing)
    actor.require_in_all(verb, programme_ids=programme_ids)


def require_person(actor: Actor, verb: str) -> None:
    """Raise Forbidden unless it is a person (or the house) who may do `verb` somewhere.

    Devices are looked after by people: a stolen one must not bring others in, or throw them out.
    """
    if actor.kind == "device":
        raise Forbidden("device.person_only", _("A device cannot do this. A person of the team can, signed in."))
    actor.require(verb)


def require_for_team(actor: Actor, verb: str, team: Team) -> None:
    """Raise Forbidden unless the actor may do `verb` for this team: in every programme that it serves."""
    programme_ids = programmes_of_team(team)
    for programme_id in programme_ids:
        actor.require(verb, programme_id=programme_id, team_id=team.pk)
    if not programme_ids:
        actor.require(verb, team_id=team.pk)
