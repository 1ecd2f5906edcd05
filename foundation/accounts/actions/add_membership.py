"""Make a person something in a team."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import MembershipAdded
from foundation.accounts.models import Membership, Role, Team, TeamKind, User
from foundation.accounts.reach import require_reach
from foundation.journal import record
from foundation.kit.errors import Invalid


@transaction.atomic
def add_membership(*, actor: Actor, user: User, team: Team, role: Role) -> Membership:
    """Give the user the role in the team; one that is there already is returned as it is.

    Raises Forbidden, and Invalid where the role does not go with the kind of team: partners, and nobody else,
    belong to academic teams (whoever is more than a partner sees what has no redaction).
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    require_reach(actor, "membership.add", team)
    require_reach(actor, "membership.add", user)
    if (team.kind == TeamKind.ACADEMIC) != (role == Role.PARTNER):
        raise Invalid(
            "accounts.role_unfit",
            _("The role “%(role)s” does not go with “%(team)s” (%(kind)s): academic teams have partners only.")
            % {"role": role.label, "team": team.name, "kind": team.get_kind_display()},
            field="role",
        )
    membership, is_new = Membership.objects.get_or_create(user=user, team=team, role=role)
    if is_new:
        record(MembershipAdded(team_id=team.pk, role=role.value), subject=user, actor=actor, team_id=team.pk)
    return membership
