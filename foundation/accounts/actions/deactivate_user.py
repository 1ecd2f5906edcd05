"""Shut an account."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import UserDeactivated
from foundation.accounts.models import User
from foundation.accounts.reach import require_reach
from foundation.journal import record
from foundation.kit.errors import Conflict


@transaction.atomic
def deactivate_user(*, actor: Actor, user: User) -> User:
    """Shut the account: no sign-in, no session, no token works from now on. What it did stays.

    Raises Forbidden, and Conflict for one's own account and one that is shut already.
    """
    require_reach(actor, "user.change", user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.user_id:
        raise Conflict(
            "accounts.own_account",
            _("You cannot deactivate your own account. Ask another administrator to do it."),
        )
    if not user.is_active:
        raise Conflict(
            "accounts.inactive_already",
            _("The account “%(username)s” is deactivated already.") % {"username": user.username},
        )
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(UserDeactivated(), subject=user, actor=actor)
    return user
