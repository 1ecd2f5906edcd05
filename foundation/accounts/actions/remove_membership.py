"""Take a role in a team from a person."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import MembershipRemoved
from foundation.accounts.models import Membership, Role
from foundation.accounts.reach import require_reach
from foundation.journal import record
from foundation.kit.errors import Conflict, NotFound


@transaction.atomic
def remove_membership(*, actor: Actor, membership: Membership) -> Membership:
    """Take the role away; what was done under it stays.

    Raises Forbidden, NotFound where it is gone already, and Conflict for one's own role of administrator.
    """
    locked = Membership.objects.select_for_update().filter(pk=membership.pk).select_related("user", "team").first()
    if locked is None:
        raise NotFound("accounts.membership_gone", _("This membership has been removed already."))
    require_reach(actor, "membership.remove", locked.team)
    if locked.user_id == actor.user_id and locked.role == Role.ADMIN:
        raise Conflict(
            "accounts.own_administration",
            _("You cannot take the role of administrator from yourself. Ask another administrator to do it."),
        )
    Membership.objects.filter(pk=locked.pk).delete()
    record(
        MembershipRemoved(team_id=locked.team_id, role=locked.role),
        subject=locked.user,
        actor=actor,
        team_id=locked.team_id,
    )
    return locked
