"""Open a shut account again."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import UserReactivated
from foundation.accounts.models import User
from foundation.accounts.reach import require_reach
from foundation.journal import record
from foundation.kit.errors import Conflict


@transaction.atomic
def reactivate_user(*, actor: Actor, user: User) -> User:
    """Let the person sign in again. Raises Forbidden, and Conflict for an account that is not shut."""
    require_reach(actor, "user.change", user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise Conflict(
            "accounts.active_already",
            _("The account “%(username)s” is active already.") % {"username": user.username},
        )
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(UserReactivated(), subject=user, actor=actor)
    return user
