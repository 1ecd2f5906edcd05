"""Make an account for a person."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import UserAdded
from foundation.accounts.models import User
from foundation.accounts.saving import save_checked
from foundation.accounts.validation import check_language, check_time_zone
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid


@transaction.atomic
def add_user(
    *,
    actor: Actor,
    username: str,
    name: str = "",
    email: str = "",
    language: str = "",
    time_zone: str = "",
    password: str | None = None,
) -> User:
    """Make an account; without a password it cannot sign in until one is set by a one-time link.

    Raises Forbidden, Invalid (a name or address that is taken or malformed, a weak password).
    """
    actor.require("user.add")
    user = User(
        username=User.normalize_username(username),
        name=name,
        email=email.lower(),  # allauth looks addresses up in lower case
        language=check_language(language),
        time_zone=check_time_zone(time_zone),
        date_joined=clock.now(),
    )
    if password is None:
        user.set_unusable_password()
    else:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Invalid("accounts.password_weak", " ".join(error.messages), field="password") from error
        user.set_password(password)
    save_checked(user, room="accounts")
    record(UserAdded(username=user.username), subject=user, actor=actor)
    return user
