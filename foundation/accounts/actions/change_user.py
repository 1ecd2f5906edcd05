"""Change what an account says about its person."""

from allauth.account.models import EmailAddress
from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import UserChanged
from foundation.accounts.models import User
from foundation.accounts.reach import require_reach
from foundation.accounts.saving import save_checked
from foundation.accounts.validation import check_language, check_time_zone
from foundation.journal import record


@transaction.atomic
def change_user(
    *,
    actor: Actor,
    user: User,
    name: str | None = None,
    email: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> User:
    """Change the given fields (None: leave as it is); one's own account, or as an administrator of the person.

    Raises Forbidden, Invalid.
    """
    if actor.user_id != user.pk or actor.scopes is not None:
        require_reach(actor, "user.change", user)
    user = User.objects.select_for_update().get(pk=user.pk)
    given = {
        "name": name,
        "email": None if email is None else email.lower(),
        "language": None if language is None else check_language(language),
        "time_zone": None if time_zone is None else check_time_zone(time_zone),
    }
    changed = [field for field, value in given.items() if value is not None and value != getattr(user, field)]
    for field in changed:
        setattr(user, field, given[field])
    if "email" in changed:
        # allauth keeps addresses beside the account: an old one must not reset the password any more.
        EmailAddress.objects.filter(user=user).delete()
    if changed:
        save_checked(user, room="accounts", exclude=["password"])
        record(UserChanged(fields=changed), subject=user, actor=actor)
    return user
