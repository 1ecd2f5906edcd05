"""How far an administrator reaches: only to people and teams all of whose programmes are the own.

Without this, whoever administers one programme could make themself, or a friend, a member of a team that
also serves another, or take over an account that stands in another.
"""

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership, Team, User


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
