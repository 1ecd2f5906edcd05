"""Give an account a password."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import PasswordSet
from foundation.accounts.models import User
from foundation.accounts.reach import require_reach
from foundation.journal import record


@transaction.atomic
def set_password(*, actor: Actor, user: User, password: str) -> User:
    """Set the password, which the caller has validated: one's own, or as an administrator of the person.

    All other sessions of the account end with it. Raises Forbidden.
    """
    if actor.user_id != user.pk or actor.scopes is not None:
        require_reach(actor, "user.change", user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(PasswordSet(), subject=user, actor=actor)
    return user
